// Where results go: a character of each text is read, and every number, so that nothing can be left
// undone; or, to be compared, they are written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "chatwire/models.hpp"

namespace bench {

/// Reads what it is shown.
class reader {
 public:
  void text(std::string_view text) {
    if (!text.empty()) used_ += static_cast<unsigned char>(text[text.size() / 2]);
  }
  void number(double number) { used_ += number; }
  void none() {}
  bool is_used() const { return used_ != 0; }

 private:
  double used_ = 0;
};

/// Writes down what it is shown.
class writer {
 public:
  void text(std::string_view text) { (told_ += text) += '\x1f'; }
  void number(double number) { (told_ += std::to_string(number)) += '\x1f'; }
  void none() { told_ += "-\x1f"; }
  std::string take() { return std::exchange(told_, {}); }

 private:
  std::string told_;
};

/// Shows what matters of completions and chunks, of whatever structs: members have the wire's
/// names.
template <class To>
class show {
 public:
  explicit show(To& to) : to_(to) {}

  template <class Completion>
  void completion(const Completion& of) {
    head(of);
    for (const auto& choice : of.choices) {
      value(choice.index);
      if (const auto* message = there(choice.message)) this->message(*message);
      value(choice.finish_reason);
      if (const auto* logprobs = there(choice.logprobs)) tokens(logprobs->content);
    }
  }

  template <class Chunk>
  void chunk(const Chunk& of) {
    head(of);
    value(of.obfuscation);
    for (const auto& choice : of.choices) {
      value(choice.index);
      if (const auto* delta = there(choice.delta)) message(*delta);
      value(choice.finish_reason);
      if (const auto* logprobs = there(choice.logprobs)) tokens(logprobs->content);
    }
  }

 private:
  template <class T>
  static const T* there(const std::optional<T>& member) {
    return member ? &*member : nullptr;
  }
  template <class T>
  static const T* there(const T& member) {
    return &member;
  }
  template <class T>
  static const T* there(const chatwire::field<T>& member) {
    return member ? &*member : nullptr;
  }

  void value(const std::string& text) { to_.text(text); }
  void value(double number) { to_.number(number); }
  void value(std::int64_t number) { to_.number(static_cast<double>(number)); }
  void value(const chatwire::text_or_parts& content) {
    if (const auto* text = std::get_if<std::string>(&content)) to_.text(*text);
  }
  template <class T>
  void value(const std::optional<T>& member) {
    if (member) {
      value(*member);
    } else {
      to_.none();
    }
  }

  template <class Of>
  void head(const Of& of) {
    value(of.id);
    value(of.object);
    value(of.created);
    value(of.model);
    value(of.service_tier);
    value(of.system_fingerprint);
    if (const auto* usage = there(of.usage)) {
      value(usage->prompt_tokens);
      value(usage->completion_tokens);
      value(usage->total_tokens);
    }
  }

  template <class Message>
  void message(const Message& of) {
    value(of.role);
    value(of.content);
    value(of.refusal);
    value(of.reasoning_content);
    const auto* calls = there(of.tool_calls);
    if (calls == nullptr) return;
    for (const auto& call : *calls) {
      value(call.id);
      value(call.type);
      if (const auto* function = there(call.function)) {
        value(function->name);
        value(function->arguments);
      }
    }
  }

  template <class Tokens>
  void tokens(const Tokens& of) {
    const auto* list = there(of);
    if (list == nullptr) return;
    for (const auto& token : *list) {
      this->token(token);
      if (const auto* others = there(token.top_logprobs))
        for (const auto& other : *others) this->token(other);
    }
  }

  template <class Token>
  void token(const Token& of) {
    value(of.token);
    value(of.logprob);
    if (const auto* bytes = there(of.bytes)) to_.number(static_cast<double>(bytes->size()));
  }

  To& to_;
};

/// What ways give their results to.
class sink {
 public:
  template <class Completion>
  void completion(const Completion& of) {
    if (keeps) {
      show(writer_).completion(of);
      kept.push_back(writer_.take());
    } else {
      show(reader_).completion(of);
    }
  }
  template <class Chunk>
  void chunk(const Chunk& of) {
    if (keeps) {
      show(writer_).chunk(of);
      kept.push_back(writer_.take());
    } else {
      show(reader_).chunk(of);
    }
  }
  bool is_used() const { return reader_.is_used(); }

  bool keeps = false;
  std::vector<std::string> kept;

 private:
  reader reader_;
  writer writer_;
};

}  // namespace bench
