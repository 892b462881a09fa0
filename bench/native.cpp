// Measures C++ on the bodies that bench/payloads.mjs has written, and prints JSON:
//
//   bench_native FOLDER [full|quick]
//
//   tape     chatwire's decoder alone, which is what WebAssembly runs
//   structs  chatwire's structs
//   parse    nlohmann::json::parse alone
//   get      nlohmann::json::parse, then get to the same structs
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/chatwire.hpp"
#include "decode/decoder.hpp"

namespace {

using json = nlohmann::ordered_json;
using bodies = std::vector<std::string>;
using action = std::function<void(const std::string& body)>;

std::size_t used = 0;  // what is made is read, lest it be optimised away

void use(const chatwire::chat_completion& completion) {
  used += completion.id.has_value() ? completion.id->size() : 0;
  used += completion.choices.size();
}

/// The bodies in a folder, by the class that begins their files' names.
std::map<std::string, bodies> read_bodies(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::map<std::string, bodies> classes;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string name = path.filename().string();
    classes[name.substr(0, name.find('.'))].emplace_back(std::istreambuf_iterator<char>(file),
                                                         std::istreambuf_iterator<char>());
  }
  return classes;
}

/// Microseconds per body of one pass over the bodies, repeated until `least` milliseconds.
double measure(const bodies& of, const action& act, double least) {
  using clock = std::chrono::steady_clock;
  using microseconds = std::chrono::duration<double, std::micro>;
  const auto start = clock::now();
  double elapsed = 0;
  std::size_t count = 0;
  do {
    for (const std::string& body : of) act(body);
    count += of.size();
    elapsed = microseconds(clock::now() - start).count();
  } while (elapsed < least * 1000);
  return elapsed / static_cast<double>(count);
}

double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

std::vector<std::pair<std::string, action>> make_actions() {
  static chatwire::decoder decoder;
  static chatwire::body_decoder body_decoder;
  return {
      {"tape", [](const std::string& body) { used += decoder.decode(body, {}).root; }},
      {"structs", [](const std::string& body) { use(*body_decoder.decode(body)); }},
      {"parse", [](const std::string& body) { used += nlohmann::json::parse(body).size(); }},
      {"get",
       [](const std::string& body) {
         use(nlohmann::json::parse(body).get<chatwire::chat_completion>());
       }},
  };
}

/// The medians of all actions, measured in turn.
json measure_class(const bodies& of, int rounds, double least) {
  const auto actions = make_actions();
  std::map<std::string, std::vector<double>> times;
  for (const auto& [name, act] : actions) measure(of, act, least);
  for (int round = 0; round < rounds; ++round)
    for (const auto& [name, act] : actions) times[name].push_back(measure(of, act, least));
  json medians;
  for (const auto& [name, act] : actions) medians[name] = median(times[name]);
  return medians;
}

/// Whether all ways come to the same.
bool agree(const bodies& of) {
  return std::all_of(of.begin(), of.end(), [](const std::string& body) {
    const auto result = chatwire::decode(body);
    return result.ok() && *result == nlohmann::json::parse(body).get<chatwire::chat_completion>();
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "Usage: bench_native FOLDER [full|quick]\n";
    return EXIT_FAILURE;
  }
  const bool quick = count > 2 && std::string(arguments[2]) == "quick";
  json results = json::array();
  for (const auto& [name, of] : read_bodies(arguments[1])) {
    if (!agree(of)) {
      std::cerr << name << ": chatwire and nlohmann::json differ\n";
      return EXIT_FAILURE;
    }
    results.push_back(
        {{"name", name}, {"microseconds", measure_class(of, quick ? 5 : 25, quick ? 5 : 20)}});
  }
  std::cout << results.dump(2) << '\n';
  return used != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
