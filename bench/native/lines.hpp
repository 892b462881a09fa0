// Events of a stream by hand: `data: ` and `\n` alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "payloads.hpp"

namespace bench {

/// Takes reads, gives the JSON of each event. There is padding behind it, as there is behind reads.
class line_splitter {
 public:
  template <class Take>
  void feed(std::string_view read, Take&& take) {
    std::size_t from = 0;
    if (!pending_.empty()) {
      const std::size_t end = read.find('\n');
      keep(read.substr(0, end));
      if (end == std::string_view::npos) return;
      line(pending_, take);
      pending_.clear();
      from = end + 1;
    }
    for (std::size_t end = 0; (end = read.find('\n', from)) != std::string_view::npos;) {
      line(read.substr(from, end - from), take);
      from = end + 1;
    }
    keep(read.substr(from));
  }

 private:
  void keep(std::string_view text) {
    pending_.reserve(pending_.size() + text.size() + padding);
    pending_ += text;
  }

  template <class Take>
  static void line(std::string_view line, Take& take) {
    constexpr std::string_view start = "data: ";
    if (line.starts_with(start) && line[start.size()] == '{') take(line.substr(start.size()));
  }

  std::string pending_;
};

}  // namespace bench
