// Decodes for tests: what the tape says becomes JSON again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "decode/decoder.hpp"
#include "exact_copy.hpp"

namespace chatwire::test {

/// The text of a cell as UTF-8, lone surrogates as WTF-8 has them, in both builds of the core.
std::string text_of(const text::text_store& store, std::string_view input, text::cell cell);

decoder_options options_for(body_kind kind);
const decoder_options any_json = options_for(body_kind::json);

/// A decoder and what it left.
class tape_json {
 public:
  const decoded& decode(std::string_view bytes, const decoder_options& options);

  const decoded& result() const { return result_; }
  nlohmann::json issues() { return nlohmann::json::parse(decoder_.issues()); }
  bool has_issue(std::string_view code);
  /// An open value of the tape.
  nlohmann::json value(std::uint32_t at) const;
  /// An object of a merged model with the names and values that it had on the wire, as far as the
  /// tape has them: its members, those that no model knows, and originals of what was repaired.
  nlohmann::json object(std::uint32_t at, models::model which) const;

 private:
  nlohmann::json open(std::uint32_t& at) const;
  nlohmann::json member(std::uint32_t slot, const models::table_field& of) const;
  nlohmann::json objects(std::uint32_t first, std::uint32_t count, models::model which) const;
  void add_extras(std::uint32_t entry, nlohmann::json& to) const;
  std::string text(std::uint32_t word) const;
  double number(std::uint32_t word) const;

  std::unique_ptr<exact_copy> input_;
  decoder decoder_;
  decoded result_;
};

/// All that comes of a body: whether it is one, its value, issues, the provider's error.
nlohmann::json outcome(tape_json& decoder, std::string_view body, const decoder_options& options);

/// The same values; numbers as the bits of their doubles, where JSON has a sign for zero at all.
bool same(const nlohmann::json& ours, const nlohmann::json& theirs);

/// Bytes with U+FFFD for what is not UTF-8.
std::string repaired(std::string_view bytes);

/// What nlohmann/json makes of bytes.
struct oracle {
  enum verdict { accepted, refused, beyond };  // beyond: what it has no way to hold

  /// Lone surrogates and numbers beyond the range are JSON, but it stops there. It takes a NUL for
  /// the end of input, which JSON does not.
  explicit oracle(std::string_view bytes);

  verdict said = accepted;
  nlohmann::json value;
};

/// Decodes any JSON and compares it with what nlohmann/json makes of it: the same verdict, the same
/// value. Returns whether it was accepted.
bool compare_json(tape_json& decoder, std::string_view bytes);

}  // namespace chatwire::test
