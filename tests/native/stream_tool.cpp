// Decodes the stream on its standard input and prints what came of it, as JSON: for tests that
// compare the library with the package. What completions and chunks are is in strings of their own,
// as `encode` writes them.
//
//   chatwire_stream_tool [--read BYTES] [--events] [--contract NAME] [--skip-bad-events]
//     [--cumulative-deltas] [--allow-empty-choices] [--keep-non-finite] [--collect]
//     [--event-bytes N] [--body-bytes N] [--depth N] [--choices N] [--tool-calls N]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "chatwire/chatwire.hpp"
#include "models/contracts.hpp"
#include "structs/json_text.hpp"

using namespace chatwire;
using nlohmann::json;

namespace {

struct arguments {
  stream_decode_options options;
  std::size_t read = 0;  // bytes of a read; 0: all of them
  bool events = false;
};

[[noreturn]] void misuse(std::string_view argument) {
  std::fprintf(stderr, "not understood: %.*s\n", static_cast<int>(argument.size()),
               argument.data());
  std::exit(2);
}

contract contract_of(std::string_view name) {
  for (std::size_t i = 0; i < std::size(models::contracts); ++i)
    if (models::contracts[i].name == name) return static_cast<contract>(i);
  misuse(name);
}

arguments read_arguments(int count, char** values) {
  arguments made;
  stream_decode_options& options = made.options;
  const std::map<std::string_view, bool*> flags = {
      {"--events", &made.events},
      {"--skip-bad-events", &options.skip_bad_events},
      {"--cumulative-deltas", &options.cumulative_deltas},
      {"--allow-empty-choices", &options.allow_empty_choices},
      {"--keep-non-finite", &options.keep_non_finite},
      {"--collect", &options.collect}};
  const std::map<std::string_view, std::uint32_t*> numbers = {
      {"--event-bytes", &options.limits.event_bytes},
      {"--body-bytes", &options.limits.body_bytes},
      {"--depth", &options.limits.depth},
      {"--choices", &options.limits.choices},
      {"--tool-calls", &options.limits.tool_calls}};
  for (int i = 1; i < count; ++i) {
    const std::string_view name = values[i];
    if (const auto flag = flags.find(name); flag != flags.end()) {
      *flag->second = true;
      continue;
    }
    if (++i == count) misuse(name);
    const auto number = numbers.find(name);
    if (number != numbers.end()) {
      *number->second = static_cast<std::uint32_t>(std::strtoul(values[i], nullptr, 10));
    } else if (name == "--read") {
      made.read = std::strtoul(values[i], nullptr, 10);
    } else if (name == "--contract") {
      options.contract = contract_of(values[i]);
    } else {
      misuse(name);
    }
  }
  return made;
}

std::string standard_input() {
  std::string made;
  char part[1U << 16U];
  for (;;) {
    const std::size_t size = std::fread(part, 1, sizeof part, stdin);
    if (size == 0) return made;
    made.append(part, size);
  }
}

constexpr std::string_view code_names[] = {
#define CHATWIRE_ISSUE(code, severity, words, meaning) #code,
    CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};

std::string name_of(issue_code code) {
  return std::string(code_names[static_cast<std::size_t>(code)]);
}

json value_of(const std::vector<issue>& issues) {
  constexpr const char* severities[] = {"info", "warning", "error"};
  json made = json::array();
  for (const issue& one : issues) {
    json path = json::array();
    for (const path_step& step : one.path)
      std::visit([&path](const auto& is) { path.push_back(is); }, step);
    json told = {{"code", name_of(one.code)},
                 {"severity", severities[static_cast<std::size_t>(one.severity)]},
                 {"path", path},
                 {"offset", one.offset},
                 {"message", one.message}};
    if (one.event.has_value()) told["event"] = *one.event;
    if (!one.expected.empty()) told["expected"] = one.expected;
    if (!one.received.empty()) told["received"] = one.received;
    made.push_back(std::move(told));
  }
  return made;
}

json value_of(const failure& why) {
  json made = {{"code", name_of(why.code)}, {"offset", why.offset}, {"message", why.message}};
  if (why.provider.has_value()) {
    made["provider"] = *why.provider;
    made["body"] = why.body;
  }
  return made;
}

json value_of(const std::vector<streamed_tool_call>& calls) {
  constexpr const char* states[] = {"complete", "truncated", "invalid"};
  json made = json::array();
  for (const streamed_tool_call& one : calls) {
    json told = {{"choice", one.choice},
                 {"toolCall", one.tool_call},
                 {"arguments", one.arguments},
                 {"state", states[static_cast<std::size_t>(one.state)]}};
    if (!one.id.empty()) told["id"] = one.id;
    if (!one.name.empty()) told["name"] = one.name;
    made.push_back(std::move(told));
  }
  return made;
}

json value_of(const stream_event& event) {
  constexpr const char* types[] = {"text",      "reasoning",           "refusal",
                                   "tool-call", "tool-call-arguments", "usage"};
  json made = {{"type", types[event.index()]}};
  if (const auto* told = std::get_if<usage_event>(&event)) {
    made["usage"] = told->usage;
    return made;
  }
  std::visit(
      [&made](const auto& one) {
        if constexpr (requires { one.choice; }) made["choice"] = one.choice;
        if constexpr (requires { one.tool_call; }) made["toolCall"] = one.tool_call;
        if constexpr (requires { one.text; }) made["text"] = one.text;
        if constexpr (requires { one.name; }) {
          if (!one.id.empty()) made["id"] = one.id;
          if (!one.name.empty()) made["name"] = one.name;
        }
      },
      event);
  return made;
}

json value_of(const chat_completion_chunk& chunk) { return encode(chunk); }

// Everything that a read gave goes into the list.
template <class Item>
void add(json& list, const result<std::vector<Item>>& read) {
  for (const Item& one : *read) list.push_back(value_of(one));
}

json outcome(const arguments& asked, std::string_view bytes) {
  constexpr const char* states[] = {"open", "complete", "truncated", "failed"};
  stream_decoder decoder(asked.options);
  json items = json::array();
  failure why;
  const std::size_t size = asked.read == 0 ? bytes.size() : asked.read;
  for (std::size_t from = 0; from < bytes.size() && decoder.state() == stream_decoder::status::open;
       from += size) {
    const std::string_view read = bytes.substr(from, size);
    asked.events ? add(items, decoder.feed_events(read)) : add(items, decoder.feed(read));
  }
  const bool open = decoder.state() == stream_decoder::status::open;
  if (open) asked.events ? add(items, decoder.finish_events()) : add(items, decoder.finish());
  json made = {{"state", states[static_cast<std::size_t>(decoder.state())]},
               {"done", decoder.done()},
               {"heartbeats", decoder.heartbeats()},
               {"usageUpdates", decoder.usage_updates()},
               {"issues", value_of(decoder.issues())},
               {"items", items},
               {"snapshot", encode(decoder.snapshot())},
               {"toolCalls", value_of(decoder.tool_calls())}};
  const auto verdict = decoder.finish();
  if (!verdict) made["failure"] = value_of(verdict.error());
  const auto completion = decoder.completion();
  if (completion) made["completion"] = encode(*completion);
  if (!completion && verdict) made["invalid"] = value_of(completion.error());
  return made;
}

}  // namespace

int main(int count, char** values) {
  const arguments asked = read_arguments(count, values);
  structs::json_text text;
  text.open(outcome(asked, standard_input()));
  const std::string printed = text.take() + "\n";
  return std::fwrite(printed.data(), 1, printed.size(), stdout) == printed.size() ? 0 : 1;
}
