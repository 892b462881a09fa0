// Prints what chat completions say: bodies, in files named .json, and recorded streams, in all
// others.
//
//   decode FILE...
//
// What is odd or wrong is printed with its place. Exit code 1: something failed; what came before
// that is printed all the same.
#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <chatwire/chatwire.hpp>

namespace {

struct input {
  std::string name;
  std::string bytes;
};

/// A place as compilers write it: `file:line:column`.
std::string place(const input& from, std::size_t offset) {
  const std::string_view before = std::string_view(from.bytes).substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t column = before.size() - before.rfind('\n');  // without one, npos is -1
  return from.name + ':' + std::to_string(line) + ':' + std::to_string(column);
}

void print(const input& from, const std::vector<chatwire::issue>& issues) {
  for (const chatwire::issue& issue : issues) {
    const bool fails = issue.severity == chatwire::severity::error;
    std::cerr << place(from, issue.offset) << (fails ? ": error: " : ": warning: ") << issue.message
              << '\n';
  }
}

void print(const chatwire::message& message) {
  if (message.content) {  // a member that may be absent, null or there
    if (const auto* text = std::get_if<std::string>(&*message.content))
      std::cout << *text << '\n';
    else
      for (const chatwire::content_part& part :
           std::get<std::vector<chatwire::content_part>>(*message.content))
        if (part.text) std::cout << *part.text << '\n';
  }
  if (!message.tool_calls) return;
  for (const chatwire::tool_call& call : *message.tool_calls)
    if (call.function)
      std::cout << call.function->name.value_or("?") << ' ' << call.function->arguments.value_or("")
                << '\n';
}

void print(const chatwire::field<chatwire::usage>& usage) {
  if (usage && usage->total_tokens) std::cout << *usage->total_tokens << " tokens\n";
}

bool print_body(const input& from) {
  const auto result = chatwire::decode(from.bytes);
  for (const chatwire::choice& choice : result->choices)
    if (choice.message) print(*choice.message);
  print(result->usage);
  print(from, result.issues());
  return result.ok();
}

void print(const std::vector<chatwire::stream_event>& events) {
  for (const chatwire::stream_event& event : events)
    if (const auto* more = std::get_if<chatwire::text_event>(&event))
      std::cout << more->text << std::flush;
}

bool print_stream(const input& from) {
  chatwire::stream_decoder decoder;
  constexpr std::size_t read = 1000;  // bytes at a time, as a network might bring them
  for (std::size_t at = 0; at < from.bytes.size() && !decoder.done(); at += read) {
    const auto events = decoder.feed_events(std::string_view(from.bytes).substr(at, read));
    print(*events);
    if (!events) break;
  }
  const auto last = decoder.finish_events();  // whether it ended as it should
  print(*last);
  std::cout << '\n';
  for (const chatwire::streamed_tool_call& call : decoder.tool_calls()) {
    const bool whole = call.state == chatwire::arguments_state::complete;
    std::cout << call.name << ' ' << call.arguments << (whole ? "" : "...") << '\n';
  }
  print(decoder.snapshot().usage);
  print(from, decoder.issues());
  return last.ok();
}

bool print_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    std::cerr << name << ": cannot be read\n";
    return false;
  }
  const input from{name, std::string(std::istreambuf_iterator<char>(file), {})};
  return name.ends_with(".json") ? print_body(from) : print_stream(from);
}

}  // namespace

int main(int count, char** names) {
  bool is_fine = true;
  for (int i = 1; i < count; ++i) is_fine = print_file(names[i]) && is_fine;
  return is_fine ? 0 : 1;
}
