// What the functions that add a chunk hand to each other.
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/assembly.hpp"

namespace chatwire::assembly {

struct assembly::context {
  decoder& from;
  const limits& most;
  const assembly_options& options;
  place root{};
  const place* where = &root;  // the choice at hand
  choice* now = nullptr;
  std::string_view choice_usage{};
  std::string_view choice_source{};

  /// `source` is where in the chunk it shows.
  void report(issue_code code, const place& at, std::string_view source) {
    from.report_event(code, severity::warning, offset_of(source), at);
  }
  void report_ambiguous(issue_code code, const place& at, std::string_view source) {
    from.report_event(code, options.strict ? severity::error : severity::warning, offset_of(source),
                      at);
  }
  bool fail_limit(const place& at, const char* limit, std::string_view source) {
    from.report_event(issue_code::LIMIT, severity::error, offset_of(source), at, limit, "more");
    return false;
  }

  /// Where in the stream something of the chunk stands.
  std::uint64_t place_of(std::string_view source) const { return from.base() + offset_of(source); }

 private:
  std::uint32_t offset_of(std::string_view source) const {
    const char* begin = from.input().data();
    return source.data() == nullptr ? 0 : static_cast<std::uint32_t>(source.data() - begin);
  }
};

}  // namespace chatwire::assembly
