// What is decoded: files that bench/payloads/write.mjs has written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Bytes that simdjson may read beyond the end of its input. Everybody gets them, and pays nothing.
inline constexpr std::size_t padding = 64;

/// The bodies of a class, or for each stream of a class its network reads.
using bodies = std::vector<std::string>;
using reads = std::vector<std::string>;
using streams = std::vector<reads>;

bodies read_bodies(const std::string& folder);
streams read_streams(const std::string& folder);

}  // namespace bench
