// simdjson on demand, by hand: to chatwire's structs, and to structs of one's own. Members that are
// not named here are left out.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <simdjson.h>

#include "assembly.hpp"
#include "chatwire/models.hpp"
#include "lines.hpp"
#include "members.hpp"
#include "own_structs.hpp"
#include "ways.hpp"

namespace bench {

namespace {

using simdjson::ondemand::value;

static_assert(padding >= simdjson::SIMDJSON_PADDING);

template <class Member>
void read_text(value from, Member& to) {
  if (from.is_null()) {
    set_null(to);
  } else {
    const std::string_view text = from.get_string().value();
    if constexpr (std::is_assignable_v<Member&, std::string_view>) {
      to = text;
    } else {
      to = std::string(text);
    }
  }
}

template <class Member>
void read_number(value from, Member& to) {
  if (from.is_null()) {
    set_null(to);
  } else {
    to = from.get_double().value();
  }
}

template <class Member>
void read_integer(value from, Member& to) {
  to = from.get_int64().value();
}

using key = simdjson::ondemand::raw_json_string;

/// An object: `read` is given the name of each member, in which there are no escapes, and its
/// value.
template <class Member, class Read>
void read_object(value from, Member& to, const Read& read) {
  if (from.is_null()) {
    set_null(to);
    return;
  }
  auto& of = made(to);
  for (auto member : from.get_object()) read(member.key().value(), member.value().value(), of);
}

/// A list of objects.
template <class Member, class Read>
void read_objects(value from, Member& to, const Read& read) {
  if (from.is_null()) {
    set_null(to);
    return;
  }
  auto& list = made(to);
  for (auto item : from.get_array()) read_object(item.value(), list.emplace_back(), read);
}

template <class Member>
void read_integers(value from, Member& to) {
  if (from.is_null()) {
    set_null(to);
    return;
  }
  auto& list = made(to);
  for (auto item : from.get_array()) list.push_back(item.get_int64().value());
}

struct token_members {
  template <class Token>
  void operator()(key name, value from, Token& to) const {
    if (name == "token") {
      read_text(from, to.token);
    } else if (name == "logprob") {
      read_number(from, to.logprob);
    } else if (name == "bytes") {
      read_integers(from, to.bytes);
    } else if constexpr (requires { to.top_logprobs; }) {
      if (name == "top_logprobs") read_objects(from, to.top_logprobs, *this);
    }
  }
};

struct logprobs_members {
  template <class Logprobs>
  void operator()(key name, value from, Logprobs& to) const {
    if (name == "content") read_objects(from, to.content, token_members{});
  }
};

struct function_members {
  template <class Function>
  void operator()(key name, value from, Function& to) const {
    if (name == "name") {
      read_text(from, to.name);
    } else if (name == "arguments") {
      read_text(from, to.arguments);
    }
  }
};

struct call_members {
  template <class Call>
  void operator()(key name, value from, Call& to) const {
    if (name == "index") {
      read_integer(from, to.index);
    } else if (name == "id") {
      read_text(from, to.id);
    } else if (name == "type") {
      read_text(from, to.type);
    } else if (name == "function") {
      read_object(from, to.function, function_members{});
    }
  }
};

struct message_members {
  template <class Message>
  void operator()(key name, value from, Message& to) const {
    if (name == "content") {
      read_text(from, to.content);
    } else if (name == "role") {
      read_text(from, to.role);
    } else if (name == "refusal") {
      read_text(from, to.refusal);
    } else if (name == "reasoning_content") {
      read_text(from, to.reasoning_content);
    } else if (name == "tool_calls") {
      read_objects(from, to.tool_calls, call_members{});
    }
  }
};

struct choice_members {
  template <class Choice>
  void operator()(key name, value from, Choice& to) const {
    if (name == "index") {
      read_integer(from, to.index);
    } else if (name == "finish_reason") {
      read_text(from, to.finish_reason);
    } else if (name == "logprobs") {
      read_object(from, to.logprobs, logprobs_members{});
    } else if constexpr (requires { to.delta; }) {
      if (name == "delta") read_object(from, to.delta, message_members{});
    } else {
      if (name == "message") read_object(from, to.message, message_members{});
    }
  }
};

struct details_members {
  template <class Details>
  void operator()(key name, value from, Details& to) const {
    if (name == "audio_tokens") {
      read_number(from, to.audio_tokens);
    } else if constexpr (requires { to.cached_tokens; }) {
      if (name == "cached_tokens") read_number(from, to.cached_tokens);
    } else if (name == "reasoning_tokens") {
      read_number(from, to.reasoning_tokens);
    } else if (name == "accepted_prediction_tokens") {
      read_number(from, to.accepted_prediction_tokens);
    } else if (name == "rejected_prediction_tokens") {
      read_number(from, to.rejected_prediction_tokens);
    }
  }
};

struct usage_members {
  template <class Usage>
  void operator()(key name, value from, Usage& to) const {
    if (name == "prompt_tokens") {
      read_number(from, to.prompt_tokens);
    } else if (name == "completion_tokens") {
      read_number(from, to.completion_tokens);
    } else if (name == "total_tokens") {
      read_number(from, to.total_tokens);
    } else if (name == "prompt_tokens_details") {
      read_object(from, to.prompt_tokens_details, details_members{});
    } else if (name == "completion_tokens_details") {
      read_object(from, to.completion_tokens_details, details_members{});
    }
  }
};

/// Of a completion or a chunk. Names are tried in the order in which OpenAI sends them.
struct root_members {
  template <class Completion>
  void operator()(key name, value from, Completion& to) const {
    if (name == "id") {
      read_text(from, to.id);
    } else if (name == "object") {
      read_text(from, to.object);
    } else if (name == "created") {
      read_integer(from, to.created);
    } else if (name == "model") {
      read_text(from, to.model);
    } else if (name == "choices") {
      read_objects(from, to.choices, choice_members{});
    } else if (name == "usage") {
      read_object(from, to.usage, usage_members{});
    } else if (name == "service_tier") {
      read_text(from, to.service_tier);
    } else if (name == "system_fingerprint") {
      read_text(from, to.system_fingerprint);
    } else if constexpr (requires { to.obfuscation; }) {
      if (name == "obfuscation") read_text(from, to.obfuscation);
    }
  }
};

using parser_pointer = std::shared_ptr<simdjson::ondemand::parser>;

/// Decodes JSON that has padding behind it.
template <class Completion>
void decode(simdjson::ondemand::parser& parser, std::string_view json, Completion& to) {
  auto document = parser.iterate(json, json.size() + padding);
  for (auto member : document.get_object())
    root_members{}(member.key().value(), member.value().value(), to);
}
template <class Completion>
Completion decode(simdjson::ondemand::parser& parser, std::string_view json) {
  Completion completion;
  decode(parser, json, completion);
  return completion;
}

/// Empties a chunk, whose texts keep what they have allocated.
void clear(own::chat_completion_chunk& chunk) {
  chunk.id.clear();
  chunk.object.clear();
  chunk.created = 0;
  chunk.model.clear();
  chunk.choices.clear();
  chunk.usage.reset();
  chunk.service_tier.reset();
  chunk.system_fingerprint.reset();
  chunk.obfuscation.reset();
}

template <class Completion>
auto body_way(parser_pointer parser) {
  return [parser](const std::string& body, sink& to) {
    to.completion(decode<Completion>(*parser, body));
  };
}

template <class Chunk>
auto chunk_way(parser_pointer parser) {
  return [parser](const reads& all, sink& to) {
    line_splitter lines;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) { to.chunk(decode<Chunk>(*parser, event)); });
  };
}

auto one_chunk_way(parser_pointer parser) {
  return [parser, chunk = own::chat_completion_chunk()](const reads& all, sink& to) mutable {
    line_splitter lines;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) {
        clear(chunk);
        decode(*parser, event, chunk);
        to.chunk(chunk);
      });
  };
}

template <class Completion, class Chunk>
auto final_way(parser_pointer parser) {
  return [parser](const reads& all, sink& to) {
    line_splitter lines;
    assembly<Completion> made;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) { made.add(decode<Chunk>(*parser, event)); });
    to.completion(made.completion());
  };
}

}  // namespace

void add_simdjson(ways<std::string>& body_ways, ways<reads>& stream_ways) {
  const auto parser = std::make_shared<simdjson::ondemand::parser>();
  body_ways["simdjson"] = body_way<chatwire::chat_completion>(parser);
  body_ways["simdjson-own"] = body_way<own::chat_completion>(parser);
  stream_ways["simdjson"] = chunk_way<chatwire::chat_completion_chunk>(parser);
  stream_ways["simdjson-own"] = chunk_way<own::chat_completion_chunk>(parser);
  stream_ways["simdjson-own-one"] = one_chunk_way(parser);
  stream_ways["simdjson-own-final"] =
      final_way<own::chat_completion, own::chat_completion_chunk>(parser);
}

std::string simdjson_version() {
  using namespace simdjson;
  return std::to_string(SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(SIMDJSON_VERSION_MINOR) +
         '.' + std::to_string(SIMDJSON_VERSION_REVISION) + " (" +
         get_active_implementation()->name() + ")";
}

}  // namespace bench
