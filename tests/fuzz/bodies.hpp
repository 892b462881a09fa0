// What must be true of any decode of a body or a chunk.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "tape_json.hpp"

namespace chatwire::fuzz {

inline models::model root_of(body_kind kind) {
  return kind == body_kind::completion ? models::model::chat_completion
                                       : models::model::chat_completion_chunk;
}

/// Issues are of the input, and the decode fails if and only if one is an error.
inline void check_issues(const nlohmann::json& issues, const decoded& result, std::size_t size) {
  bool failed = false;
  for (const nlohmann::json& one : issues) {
    CHECK(one["offset"] <= size);
    CHECK(one["path"].is_array());
    CHECK_FALSE(one["message"].get_ref<const std::string&>().empty());
    failed |= one["severity"] == "error";
  }
  CHECK(failed != result.ok);
}

/// Whether what is on the tape need not be the value of the input: part of that was left out, or is
/// there twice, or something was made up.
inline bool is_changed(const nlohmann::json& issues) {
  constexpr std::string_view changes[] = {"NON_FINITE_NUMBER",      "DUPLICATE_KEY",
                                          "TRAILING_BYTES",         "DONE_AFTER_BODY",
                                          "ENVELOPE_UNWRAPPED",     "TOOL_CALL_ID_MISSING",
                                          "TOOL_CALL_TYPE_MISSING", "CHOICE_INDEX_MISSING"};
  return std::any_of(issues.begin(), issues.end(), [&changes](const nlohmann::json& one) {
    return std::find(std::begin(changes), std::end(changes), one["code"]) != std::end(changes);
  });
}

/// Decodes, and reads all that was left. What was decoded is what nlohmann/json says that the input
/// is. Returns whether it was.
inline bool check_body(test::tape_json& decoder, std::string_view bytes,
                       const decoder_options& options, const test::oracle& theirs) {
  const decoded result = decoder.decode(bytes, options);
  const nlohmann::json issues = decoder.issues();
  CAPTURE(issues.dump());
  check_issues(issues, result, bytes.size());
  nlohmann::json ours;
  if (result.root != 0) ours = decoder.object(result.root, root_of(options.kind));
  if (result.error != 0)
    CHECK(decoder.object(result.error, models::model::error_payload).is_object());
  if (result.raw != 0) CHECK(decoder.value(result.raw).is_structured());
  if (!result.ok) return false;
  if (is_changed(issues)) return true;
  CHECK(theirs.said != test::oracle::refused);
  if (theirs.said == test::oracle::accepted) {
    CAPTURE(ours.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    CHECK(test::same(ours, theirs.value));
  }
  return true;
}

}  // namespace chatwire::fuzz
