// Chunks put together to a completion, by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "members.hpp"

namespace bench {

/// Text, reasoning, tool calls and log-probabilities; no checks.
template <class Completion>
class assembly {
 public:
  template <class Chunk>
  void add(Chunk&& chunk) {
    move_head(chunk);
    for (auto& choice : chunk.choices) add_choice(choice);
  }

  const Completion& completion() const { return completion_; }

 private:
  using choice_type = typename decltype(Completion::choices)::value_type;

  template <class Chunk>
  void move_head(Chunk& chunk) {
    if (completion_.choices.empty()) {
      completion_.id = std::move(chunk.id);
      completion_.created = chunk.created;
      completion_.model = std::move(chunk.model);
      completion_.service_tier = std::move(chunk.service_tier);
      completion_.system_fingerprint = std::move(chunk.system_fingerprint);
      completion_.object = "chat.completion";
    }
    if (chunk.usage) completion_.usage = std::move(chunk.usage);
  }

  choice_type& choice_at(std::size_t index) {
    while (completion_.choices.size() <= index) {
      auto& choice = completion_.choices.emplace_back();
      choice.index = static_cast<std::int64_t>(completion_.choices.size() - 1);
      made(choice.message);
    }
    return completion_.choices[index];
  }

  template <class ChunkChoice>
  void add_choice(ChunkChoice& from) {
    auto& to = choice_at(static_cast<std::size_t>(value_of(from.index)));
    auto& message = value_of(to.message);
    auto& delta = value_of(from.delta);
    if (delta.role) message.role = std::move(delta.role);
    append(message.content, delta.content);
    append(message.reasoning_content, delta.reasoning_content);
    if (auto& calls = delta.tool_calls; has(calls))
      for (auto& call : value_of(calls)) add_call(message, call);
    if (from.finish_reason) to.finish_reason = std::move(from.finish_reason);
    if (from.logprobs) add_tokens(to, value_of(value_of(from.logprobs).content));
  }

  template <class List>
  static bool has(const List& list) {
    if constexpr (requires { list.has_value(); }) {
      return list.has_value();
    } else {
      return !list.empty();
    }
  }

  template <class Message, class Call>
  static void add_call(Message& message, Call& from) {
    if constexpr (requires { message.tool_calls.has_value(); })
      if (!message.tool_calls) message.tool_calls.emplace();
    auto& calls = value_of(message.tool_calls);
    const auto index = static_cast<std::size_t>(value_of(from.index));
    if (calls.size() <= index) {
      auto& call = calls.emplace_back();
      call.id = std::move(from.id);
      call.type = std::move(from.type);
      call.function = std::move(from.function);
    } else {
      append(value_of(calls[index].function).arguments, value_of(from.function).arguments);
    }
  }

  template <class Choice, class Tokens>
  static void add_tokens(Choice& to, Tokens& from) {
    if (!to.logprobs) {
      to.logprobs.emplace();
      made(to.logprobs->content);
    }
    auto& tokens = value_of(to.logprobs->content);
    for (auto& token : from) tokens.push_back(std::move(token));
  }

  template <class Text>
  static auto& text_in(Text& text) {
    if constexpr (requires { std::get<std::string>(text); }) {
      return std::get<std::string>(text);
    } else {
      return text;
    }
  }

  template <class Member>
  static void append(Member& to, Member& from) {
    if (!from) return;
    if (to) {
      text_in(*to) += text_in(*from);
    } else {
      to = std::move(from);
    }
  }

  Completion completion_;
};

}  // namespace bench
