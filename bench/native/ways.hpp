// Ways to decode, by name.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "payloads.hpp"
#include "sink.hpp"

namespace bench {

template <class Input>
using ways = std::map<std::string, std::function<void(const Input&, sink&)>>;

/// Each adds its own. They hold what may be used for many inputs, such as parsers and buffers.
void add_chatwire(ways<std::string>& body_ways, ways<reads>& stream_ways);
void add_nlohmann(ways<std::string>& body_ways, ways<reads>& stream_ways);
void add_simdjson(ways<std::string>& body_ways, ways<reads>& stream_ways);
void add_rapidjson(ways<std::string>& body_ways, ways<reads>& stream_ways);

std::string simdjson_version();
std::string rapidjson_version();

}  // namespace bench
