// Encoding what was decoded: the same JSON, and the same value when it is decoded again.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "chatwire/chatwire.hpp"
#include "models/tables.hpp"
#include "support.hpp"
#include "tape_json.hpp"

using namespace chatwire;

namespace {

bool has(const std::vector<issue>& issues, std::initializer_list<issue_code> codes) {
  for (const issue& one : issues)
    for (const issue_code code : codes)
      if (one.code == code) return true;
  return false;
}

/// Whether the input is not the JSON of its value: it is none, or part of it was left out.
bool is_changed(const std::vector<issue>& issues) {
  return has(issues,
             {issue_code::NON_FINITE_NUMBER, issue_code::DUPLICATE_KEY, issue_code::TRAILING_BYTES,
              issue_code::DONE_AFTER_BODY, issue_code::ENVELOPE_UNWRAPPED});
}

std::set<std::string_view> names_of_integers() {
  std::set<std::string_view> made;
  for (std::size_t i = 0; i < static_cast<std::size_t>(models::model::count_); ++i) {
    const models::table_object& object = models::table_objects[i];
    for (std::size_t k = 0; k < object.count; ++k) {
      const models::table_field& field = models::table_fields[object.field + k];
      if (field.of == models::kind::integer || field.of == models::kind::count ||
          field.of == models::kind::integers)
        made.insert(models::name_of(field));
    }
  }
  return made;
}

/// Integers of structs are std::int64_t, which has no minus zero, but -2e-400 is one to
/// nlohmann/json. So the sign is dropped where it may be such a member, and stays in doubles and
/// open values.
void drop_signs_of_integers(nlohmann::json& value, bool is_integer = false) {
  static const std::set<std::string_view> names = names_of_integers();
  if (is_integer && value.is_number_float() && value == 0.0) value = 0;
  if (value.is_object())
    for (const auto& [name, member] : value.items())
      drop_signs_of_integers(member, names.count(name) != 0);
  if (value.is_array())
    for (nlohmann::json& each : value) drop_signs_of_integers(each, is_integer);
}

template <class Model>
void there_and_back(const result<Model>& first, const test::oracle& theirs,
                    result<Model> (*decode_again)(std::string_view, const decode_options&),
                    const decode_options& options) {
  if (!first) return;
  const std::string body = encode(*first);
  CAPTURE(body);
  static test::tape_json reader;  // nlohmann/json has no minus zero where there is no point
  CHECK(reader.decode(body, test::any_json).ok);
  if (!is_changed(first.issues()) && theirs.said == test::oracle::accepted) {
    nlohmann::json expected = theirs.value;
    drop_signs_of_integers(expected);
    CHECK(test::same(reader.value(reader.result().root), expected));
  }
  const result<Model> again = decode_again(body, options);
  CHECK(again.ok());
  // What was made up is made of the bytes; JSON has no NaN; and of arguments that came as an object
  // only that goes back, with members in the order of nlohmann/json and doubles for numbers.
  if (!has(first.issues(), {issue_code::ARGUMENTS_NOT_STRING, issue_code::TOOL_CALL_ID_MISSING,
                            issue_code::NON_FINITE_NUMBER}))
    CHECK((*again == *first));
  CHECK(encode(*again) == body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input from(data, size);
  const std::uint32_t choice = from.choice();
  const std::string_view bytes = from.document();
  const test::oracle theirs(bytes);
  decode_options options;
  options.allow_empty_choices = true;
  options.keep_non_finite = (choice & 1U) != 0;
  there_and_back(decode(bytes, options), theirs, &decode, options);
  there_and_back(decode_chunk(bytes, options), theirs, &decode_chunk, options);
  return 0;
}
