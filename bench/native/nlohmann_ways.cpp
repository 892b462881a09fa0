// nlohmann/json: parse, then get to chatwire's structs.
#include <nlohmann/json.hpp>

#include "assembly.hpp"
#include "chatwire/models.hpp"
#include "lines.hpp"
#include "ways.hpp"

namespace bench {

void add_nlohmann(ways<std::string>& body_ways, ways<reads>& stream_ways) {
  using nlohmann::json;
  body_ways["nlohmann"] = [](const std::string& body, sink& to) {
    to.completion(json::parse(body).get<chatwire::chat_completion>());
  };
  stream_ways["nlohmann"] = [](const reads& all, sink& to) {
    line_splitter lines;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) {
        to.chunk(json::parse(event).get<chatwire::chat_completion_chunk>());
      });
  };
  stream_ways["nlohmann-final"] = [](const reads& all, sink& to) {
    line_splitter lines;
    assembly<chatwire::chat_completion> made;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) {
        made.add(json::parse(event).get<chatwire::chat_completion_chunk>());
      });
    to.completion(made.completion());
  };
}

}  // namespace bench
