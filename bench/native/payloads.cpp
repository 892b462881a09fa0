#include "payloads.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace bench {

namespace {

std::vector<std::filesystem::path> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string read_padded(std::ifstream& file, std::size_t length) {
  std::string bytes;
  bytes.reserve(length + padding);
  bytes.resize(length);
  file.read(bytes.data(), static_cast<std::streamsize>(length));
  return bytes;
}

}  // namespace

bodies read_bodies(const std::string& folder) {
  bodies made;
  for (const auto& path : files_of(folder)) {
    std::ifstream file(path, std::ios::binary);
    made.push_back(read_padded(file, std::filesystem::file_size(path)));
  }
  return made;
}

streams read_streams(const std::string& folder) {
  streams made;
  for (const auto& path : files_of(folder)) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    std::getline(file, line);  // the lengths of the reads
    std::istringstream lengths(line);
    reads all;
    for (std::size_t length = 0; lengths >> length;) all.push_back(read_padded(file, length));
    made.push_back(std::move(all));
  }
  return made;
}

}  // namespace bench
