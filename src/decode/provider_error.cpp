// The shapes in which providers report errors inside a body that should have been a completion.
// Whatever the shape, the result is one error_payload, and the whole body beside it.
#include <cstring>

#include "decode/decoder.hpp"

namespace chatwire {

namespace {

constexpr std::uint32_t message_slot = models::merged::error_payload.find("message")->slot;

constexpr std::uint32_t choices_slot = models::merged::chat_completion.find("choices")->slot;
static_assert(choices_slot == models::merged::chat_completion_chunk.find("choices")->slot);

// What servers call the text of an error, beside what is in the model.
constexpr std::string_view message_names[] = {
    "message", "error", "detail", "details", "msg", "error_msg", "error_message", "status_msg"};

const models::table_object& error_payload() { return merged_object(models::model::error_payload); }

}  // namespace

// Whether the value at `at` says something: not null, false, "", {} or [].
bool decoder::is_set(cursor at) const {
  if (at == nullptr || *at == 'n' || *at == 'f') return false;
  if (*at == '"') return at + 1 != end_ && at[1] != '"';
  if (*at != '{' && *at != '[') return true;
  if (*at == '{') return has_set_member(at);
  const cursor inner = space(at + 1);
  return inner != end_ && *inner != ']';
}

// Whether an object has a member that says something.
bool decoder::has_set_member(cursor object) const {
  cursor at = space(object + 1);
  while (at != end_ && *at == '"') {
    at = skip_value(at, end_);
    if (at == nullptr || (at = space(at)) == end_ || *at != ':') return true;
    at = space(at + 1);
    if (at == end_) return true;
    const bool empty = *at == 'n' || (*at == '"' && at + 1 != end_ && at[1] == '"');
    if (!empty) return true;
    at = skip_value(at, end_);
    if (at == nullptr || (at = space(at)) == end_ || *at != ',') return false;
    at = space(at + 1);
  }
  return false;
}

bool decoder::has_extra(std::uint32_t object, std::string_view name) const {
  for (std::uint32_t entry = words_[object + 2]; entry != 0; entry = words_[entry])
    if (text_.narrow(cell_at(entry + 2)) == name) return true;
  return false;
}

bool decoder::find_provider_error(cursor body, bool has_choices) {
  const cursor error = member_value(body, "error");
  // An error beside choices or an id is an error all the same (Q61, Q103); null, false, "" and {}
  // are not (Q105).
  if (is_set(error)) {
    if (*error == '{' || *error == '[') return take_error(error);
    // What stands beside a text tells of the error, unless it is a completion.
    if (*error == '"') return has_choices ? take_message(error) : take_error(body);
  }
  if (has_choices) return find_choice_error(body);
  if (options_.kind == body_kind::chunk) {
    // Groq's stream errors come in x_groq (its chunks have no `error`).
    const cursor x_groq = member_value(body, "x_groq");
    if (x_groq != nullptr && *x_groq == '{') {
      const cursor inner = member_value(x_groq, "error");
      if (is_set(inner)) return take_error(inner);
    }
    const cursor choices = member_value(body, "choices");
    if ((choices != nullptr && *choices == '[') || is_set(member_value(body, "usage")))
      return false;
  }
  if (error != nullptr && *error == '{') return take_error(error);
  // {"success": false, "errors": [{"code", "message"}]} (Q53).
  if (const cursor errors = member_value(body, "errors"); is_set(errors)) return take_error(errors);
  // {"message", "type", "code"}, {"object": "error", "message"} (Q57), {"detail": "..."} and
  // {"detail": [{"loc", "msg", "type"}]} (Q56).
  for (const std::string_view name : message_names) {
    const cursor said = member_value(body, name);
    if (!is_set(said)) continue;
    // The messages of other formats are no errors.
    if (*said == '{' &&
        (member_value(said, "role") != nullptr || member_value(said, "content") != nullptr))
      continue;
    if (*said == '"' || name == "message") return take_error(body);
    if (*said == '{' || *said == '[') return take_error(said);
  }
  // {"base_resp": {"status_code", "status_msg"}}
  const cursor response = member_value(body, "base_resp");
  if (response == nullptr || *response != '{') return false;
  const cursor code = member_value(response, "status_code");
  return code != nullptr && *code != '0' && is_set(member_value(response, "status_msg")) &&
         take_error(response);
}

// An error inside a choice, as routers report that one broke off (Q103).
bool decoder::has_choice_error(std::uint32_t object) const {
  const std::uint32_t at = slot_word(object, choices_slot);
  std::uint32_t choice = words_[at];
  for (std::uint32_t left = words_[at + 1]; left != 0; --left, choice = words_[choice + 3])
    if (words_[choice + 2] != 0 && has_extra(choice, "error")) return true;
  return false;
}

bool decoder::find_choice_error(cursor body) {
  cursor choice = member_value(body, "choices");
  if (choice == nullptr || *choice != '[') return false;
  do {
    choice = space(choice + 1);
    if (choice == end_ || *choice != '{') return false;
    const cursor error = member_value(choice, "error");
    if (is_set(error) && (*error == '{' || *error == '"')) return take_error(error);
    choice = skip_value(choice, end_);
    if (choice != nullptr) choice = space(choice);
  } while (choice != nullptr && choice != end_ && *choice == ',');
  return false;
}

// An error as object, string, or the first of an array.
bool decoder::take_error(cursor at) {
  if (*at == '[') at = space(at + 1);
  if (at == end_) return false;
  if (*at == '"') return take_message(at);
  if (*at != '{') return false;
  const place root;
  const place where{&root, "error"};
  const models::contract_id contract = options_.contract;
  options_.contract = models::contract_id::none;  // errors are read leniently under any contract
  root_object(at, error_payload(), where, result_.error);
  options_.contract = contract;
  if (holds(result_.error, message_slot)) return true;
  // Some nest the error once more, or name its text otherwise.
  const cursor nested = member_value(at, "error");
  if (is_set(nested) && *nested == '{') return take_error(nested);
  for (const std::string_view name : message_names) {
    const cursor inner = member_value(at, name);
    if (!is_set(inner) || *inner != '"') continue;
    text::cell cell;
    if (text_.scan(inner + 1, cell) == nullptr) break;
    put(slot_word(result_.error, message_slot), cell);
    words_[result_.error] |= 1U << message_slot;
    words_[result_.error + 1] &= ~(1U << message_slot);
    break;
  }
  return true;
}

bool decoder::take_message(cursor at) {
  text::cell cell;
  return text_.scan(at + 1, cell) != nullptr && put_message(cell);
}

// Plain text that is the error. What takes its line breaks apart are spaces of the framing.
bool decoder::take_text(cursor from, cursor to) {
  constexpr std::ptrdiff_t longest = 4096;
  if (to - from > longest) to = from + longest;
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(to - from))) return false;
  std::uint32_t size = 0;
  for (cursor at = from; at != to; ++at) {
    const bool line_break = *at == '\n' || *at == '\r';
    scratch_[size++] = *at;
    while (line_break && at + 1 != to && at[1] == ' ') ++at;
  }
  while (size != 0 && scratch_[size - 1] <= ' ') --size;
  text::cell cell;
  return text_.keep_utf8(scratch_.data(), scratch_.data() + size, cell) && put_message(cell);
}

bool decoder::put_message(text::cell cell) {
  result_.error = allocate_object(error_payload());
  if (result_.error == 0) return false;
  const place where;
  object_state o{error_payload(), result_.error, begin_, &where, 1};
  put(slot_word(o.index, message_slot), cell);
  mark_slot(o, message_slot);
  write_header(o);
  return true;
}

// The body counts as the provider's error; all of it stays readable.
void decoder::refuse_with_error(cursor body) {
  const place root;
  std::string_view said;
  if (holds(result_.error, message_slot))
    said = text_.narrow(cell_at(slot_word(result_.error, message_slot)));
  // What the body lacks as a completion is beside the point now.
  issues_.forget_event();
  failed_ = false;
  fail_as(issue_code::PROVIDER_ERROR, &root, body, nullptr,
          {said.data(), said.size() < 200 ? said.size() : 200});
  quiet_ = true;
  open_value(body, 0, &root, result_.raw);
}

}  // namespace chatwire
