// RapidJSON's SAX reader, by hand: to structs of one's own. Members that are not named here are
// left out.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#define RAPIDJSON_SSE42
#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/reader.h>

#include "lines.hpp"
#include "own_structs.hpp"
#include "ways.hpp"

namespace bench {

namespace {

/// Which value is being read.
enum class at : std::uint8_t {
  other,  // nothing that is kept
  root,
  id,
  object,
  created,
  model,
  service_tier,
  system_fingerprint,
  obfuscation,
  choices,
  choice,
  choice_index,
  finish_reason,
  message,
  role,
  content,
  refusal,
  reasoning_content,
  calls,
  call,
  call_index,
  call_id,
  call_type,
  function,
  function_name,
  arguments,
  logprobs,
  tokens,
  token,
  token_text,
  token_logprob,
  token_bytes,
  others,
  other_token,
  other_text,
  other_logprob,
  other_bytes,
  usage,
  prompt_tokens,
  completion_tokens,
  total_tokens,
  prompt_details,
  cached_tokens,
  prompt_audio,
  completion_details,
  reasoning_tokens,
  completion_audio,
  accepted,
  rejected,
};

struct named {
  at of;
  std::string_view name;
  at value;
};

// Members by the object that they are in, in the order in which OpenAI sends them.
constexpr std::array members{
    named{at::root, "id", at::id},
    named{at::root, "object", at::object},
    named{at::root, "created", at::created},
    named{at::root, "model", at::model},
    named{at::root, "choices", at::choices},
    named{at::root, "usage", at::usage},
    named{at::root, "service_tier", at::service_tier},
    named{at::root, "system_fingerprint", at::system_fingerprint},
    named{at::root, "obfuscation", at::obfuscation},
    named{at::choice, "index", at::choice_index},
    named{at::choice, "message", at::message},
    named{at::choice, "delta", at::message},
    named{at::choice, "logprobs", at::logprobs},
    named{at::choice, "finish_reason", at::finish_reason},
    named{at::message, "role", at::role},
    named{at::message, "content", at::content},
    named{at::message, "refusal", at::refusal},
    named{at::message, "reasoning_content", at::reasoning_content},
    named{at::message, "tool_calls", at::calls},
    named{at::call, "index", at::call_index},
    named{at::call, "id", at::call_id},
    named{at::call, "type", at::call_type},
    named{at::call, "function", at::function},
    named{at::function, "name", at::function_name},
    named{at::function, "arguments", at::arguments},
    named{at::logprobs, "content", at::tokens},
    named{at::token, "token", at::token_text},
    named{at::token, "logprob", at::token_logprob},
    named{at::token, "bytes", at::token_bytes},
    named{at::token, "top_logprobs", at::others},
    named{at::other_token, "token", at::other_text},
    named{at::other_token, "logprob", at::other_logprob},
    named{at::other_token, "bytes", at::other_bytes},
    named{at::usage, "prompt_tokens", at::prompt_tokens},
    named{at::usage, "completion_tokens", at::completion_tokens},
    named{at::usage, "total_tokens", at::total_tokens},
    named{at::usage, "prompt_tokens_details", at::prompt_details},
    named{at::usage, "completion_tokens_details", at::completion_details},
    named{at::prompt_details, "cached_tokens", at::cached_tokens},
    named{at::prompt_details, "audio_tokens", at::prompt_audio},
    named{at::completion_details, "reasoning_tokens", at::reasoning_tokens},
    named{at::completion_details, "audio_tokens", at::completion_audio},
    named{at::completion_details, "accepted_prediction_tokens", at::accepted},
    named{at::completion_details, "rejected_prediction_tokens", at::rejected},
};

/// Where the members of each object begin in `members`.
constexpr auto first_members = [] {
  std::array<std::uint8_t, 64> first{};
  for (auto& index : first) index = members.size();
  for (std::size_t i = members.size(); i-- > 0;)
    first[static_cast<std::size_t>(members[i].of)] = static_cast<std::uint8_t>(i);
  return first;
}();

at member_of(at object, std::string_view name) {
  for (std::size_t i = first_members[static_cast<std::size_t>(object)];
       i < members.size() && members[i].of == object; ++i)
    if (members[i].name == name) return members[i].value;
  return at::other;
}

/// Fills a completion or a chunk while it is read.
template <class Completion>
class handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, handler<Completion>> {
 public:
  explicit handler(Completion& to) : to_(to) {}

  bool Default() { return true; }

  bool StartObject() {
    if (skipped_ > 0 || value_ == at::other) {
      ++skipped_;
      return true;
    }
    if (value_ == at::usage) to_.usage.emplace();
    if (value_ == at::logprobs) choice().logprobs.emplace();
    push(value_);
    return true;
  }
  bool Key(const char* name, rapidjson::SizeType length, bool /*copy*/) {
    if (skipped_ == 0) value_ = member_of(stack_[depth_ - 1], {name, length});
    return true;
  }
  bool EndObject(rapidjson::SizeType /*count*/) { return pop(); }

  bool StartArray() {
    if (skipped_ > 0 || value_ == at::other) {
      ++skipped_;
      return true;
    }
    push(value_);
    value_ = element_of(value_);
    return true;
  }
  bool EndArray(rapidjson::SizeType /*count*/) { return pop(); }

  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    if (skipped_ == 0) set_text({text, length});
    return true;
  }
  bool Int(int number) { return set_integer(number); }
  bool Uint(unsigned number) { return set_integer(number); }
  bool Int64(std::int64_t number) { return set_integer(number); }
  bool Uint64(std::uint64_t number) { return set_integer(static_cast<std::int64_t>(number)); }
  bool Double(double number) {
    if (skipped_ == 0) set_number(number);
    return true;
  }

 private:
  void push(at object) {
    stack_[depth_++] = object;
    // An object in a list begins with its element.
    switch (object) {
      case at::choice:
        to_.choices.emplace_back();
        break;
      case at::call:
        message().tool_calls.emplace_back();
        break;
      case at::token:
        choice().logprobs->content.emplace_back();
        break;
      case at::other_token:
        token().top_logprobs.emplace_back();
        break;
      default:
        break;
    }
  }

  bool pop() {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    --depth_;
    // In a list, another element may follow.
    if (depth_ > 0) value_ = element_of(stack_[depth_ - 1]);
    return true;
  }

  static at element_of(at list) {
    switch (list) {
      case at::choices:
        return at::choice;
      case at::calls:
        return at::call;
      case at::tokens:
        return at::token;
      case at::others:
        return at::other_token;
      case at::token_bytes:
      case at::other_bytes:
        return list;
      default:
        return at::other;
    }
  }

  auto& choice() { return to_.choices.back(); }
  auto& message() {
    if constexpr (requires { choice().message; }) {
      return choice().message;
    } else {
      return choice().delta;
    }
  }
  auto& call() { return message().tool_calls.back(); }
  auto& token() { return choice().logprobs->content.back(); }
  auto& other() { return token().top_logprobs.back(); }

  void set_text(std::string_view text) {
    switch (value_) {
      case at::id:
        to_.id = text;
        break;
      case at::object:
        to_.object = text;
        break;
      case at::model:
        to_.model = text;
        break;
      case at::service_tier:
        to_.service_tier = text;
        break;
      case at::system_fingerprint:
        to_.system_fingerprint = text;
        break;
      case at::obfuscation:
        to_.obfuscation = text;
        break;
      case at::finish_reason:
        choice().finish_reason = text;
        break;
      case at::role:
        message().role = text;
        break;
      case at::content:
        message().content = text;
        break;
      case at::refusal:
        message().refusal = text;
        break;
      case at::reasoning_content:
        message().reasoning_content = text;
        break;
      case at::call_id:
        call().id = text;
        break;
      case at::call_type:
        call().type = text;
        break;
      case at::function_name:
        call().function.name = text;
        break;
      case at::arguments:
        call().function.arguments = text;
        break;
      case at::token_text:
        token().token = text;
        break;
      case at::other_text:
        other().token = text;
        break;
      default:
        break;
    }
  }

  bool set_integer(std::int64_t number) {
    if (skipped_ > 0) return true;
    switch (value_) {
      case at::created:
        to_.created = number;
        break;
      case at::choice_index:
        choice().index = number;
        break;
      case at::call_index:
        call().index = number;
        break;
      case at::token_bytes:
        token().bytes.push_back(number);
        break;
      case at::other_bytes:
        other().bytes.push_back(number);
        break;
      default:
        set_number(static_cast<double>(number));
    }
    return true;
  }

  void set_number(double number) {
    switch (value_) {
      case at::token_logprob:
        token().logprob = number;
        break;
      case at::other_logprob:
        other().logprob = number;
        break;
      case at::prompt_tokens:
        to_.usage->prompt_tokens = number;
        break;
      case at::completion_tokens:
        to_.usage->completion_tokens = number;
        break;
      case at::total_tokens:
        to_.usage->total_tokens = number;
        break;
      case at::cached_tokens:
        to_.usage->prompt_tokens_details.cached_tokens = number;
        break;
      case at::prompt_audio:
        to_.usage->prompt_tokens_details.audio_tokens = number;
        break;
      case at::reasoning_tokens:
        to_.usage->completion_tokens_details.reasoning_tokens = number;
        break;
      case at::completion_audio:
        to_.usage->completion_tokens_details.audio_tokens = number;
        break;
      case at::accepted:
        to_.usage->completion_tokens_details.accepted_prediction_tokens = number;
        break;
      case at::rejected:
        to_.usage->completion_tokens_details.rejected_prediction_tokens = number;
        break;
      default:
        break;
    }
  }

  Completion& to_;
  std::array<at, 16> stack_{};
  std::size_t depth_ = 0;
  std::size_t skipped_ = 0;  // how deep in what is left out
  at value_ = at::root;
};

template <class Completion>
Completion decode(rapidjson::Reader& reader, std::string_view json) {
  Completion completion;
  handler<Completion> fill(completion);
  // It goes no further than the JSON, and sixteen bytes at a time, unlike with streams of a length.
  rapidjson::StringStream stream(json.data());
  reader.Parse<rapidjson::kParseStopWhenDoneFlag>(stream, fill);
  return completion;
}

}  // namespace

void add_rapidjson(ways<std::string>& body_ways, ways<reads>& stream_ways) {
  body_ways["rapidjson"] = [](const std::string& body, sink& to) {
    rapidjson::Reader reader;
    to.completion(decode<own::chat_completion>(reader, body));
  };
  stream_ways["rapidjson"] = [](const reads& all, sink& to) {
    rapidjson::Reader reader;
    line_splitter lines;
    for (const std::string& read : all)
      lines.feed(read, [&](std::string_view event) {
        to.chunk(decode<own::chat_completion_chunk>(reader, event));
      });
  };
}

std::string rapidjson_version() { return RAPIDJSON_VERSION_STRING; }

}  // namespace bench
