// The way through one input: what it is, its value, what follows, what that amounts to.
#include "decode/decoder.hpp"

#include <cstring>

#include "decode/vocabulary.hpp"

namespace chatwire {

using models::table_object;

namespace {

constexpr std::uint32_t choices_slot = models::merged::chat_completion.find("choices")->slot;
static_assert(choices_slot == models::merged::chat_completion_chunk.find("choices")->slot);
constexpr std::uint32_t message_slot = models::merged::error_payload.find("message")->slot;
constexpr std::uint32_t error_slot = models::merged::chat_completion_chunk.find("error")->slot;
constexpr std::uint32_t x_groq_slot = models::merged::chat_completion_chunk.find("x_groq")->slot;

bool starts_with(const std::uint8_t* at, const std::uint8_t* end, std::string_view text) {
  return static_cast<std::size_t>(end - at) >= text.size() &&
         std::memcmp(at, text.data(), text.size()) == 0;
}

}  // namespace

decoded decoder::decode(std::string_view bytes, const decoder_options& options) {
  const place root;
  if (start(bytes, options)) {
    const bool chunk = options.kind == body_kind::chunk;
    if (bytes.size() > (chunk ? options.limits.event_bytes : options.limits.body_bytes)) {
      fail_limit(&root, begin_, chunk ? "eventBytes" : "bodyBytes");
      return finish();
    }
    const bool may_repeat = may_have_form();
    if (may_repeat && follow_forms()) return finish();
    if (may_repeat) begin_form();
    cursor at = begin_;
    if (starts_with(at, end_, "\xEF\xBB\xBF")) at += 3;
    at = space(at);
    if (options.kind == body_kind::json) {
      read_json(at);
    } else {
      read_body(at);
    }
    if (notes_form()) end_form();
  }
  return finish();
}

decoded decoder::refuse_memory(const decoder_options& options) {
  const place root;
  if (start({}, options)) fail_memory(&root, begin_);
  return finish();
}

// False: not even the first words fit into memory.
bool decoder::start(std::string_view bytes, const decoder_options& options) {
  begin_ = reinterpret_cast<const std::uint8_t*>(bytes.data());
  end_ = begin_ + bytes.size();
  options_ = options;
  result_ = {};
  failed_ = false;
  quiet_ = false;
  notes_ = options.keep_sources;
  body_hash_ = 0;
  text_.start(begin_, end_, options.surrogates_in_input, options.repair_json);
  words_.clear();
  open_stack_.clear();
  issues_.clear();
  if (options.assembled) issues_.begin_whole(options.assembled_at);
  if (!words_.room(tape::slot_words)) {
    const place root;
    fail_memory(&root, begin_);
    return false;
  }
  words_.resize_within(tape::slot_words);  // word 0 means "none", so nothing is ever put there
  return true;
}

decoded decoder::finish() {
  result_.ok = !issues_.has_error();
  result_.failure = issues_.first_error();
  result_.issue_count = issues_.count();
  return result_;
}

// ---- Events -------------------------------------------------------------------------------------

void decoder::begin_events(std::string_view bytes, std::uint64_t base,
                           const decoder_options& options) {
  start(bytes, options);
  base_ = base;
  contract_ = options.contract;
}

void decoder::start_event(std::uint32_t from, std::uint32_t to, std::uint32_t number) {
  end_ = begin_ + to;
  text_.end_at(end_);
  result_ = {};
  failed_ = false;
  quiet_ = false;
  had_invalid_text_ = false;
  open_stack_.clear();
  text_.take_invalid();  // of names that were read again to find a member
  issues_.begin_event(number, base_);
  const place root;
  if (words_.size() == 0) {
    fail_memory(&root, begin_ + from);
  } else if (to - from > options_.limits.event_bytes) {
    fail_limit(&root, begin_ + from, "eventBytes");
  }
}

decoded decoder::event(std::uint32_t from, std::uint32_t to, std::uint32_t number) {
  start_event(from, to, number);
  const body_kind kind = options_.kind;
  if (!failed_) read_body(space(begin_ + from));
  options_.kind = kind;
  return finish();
}

decoded decoder::error_event(std::uint32_t from, std::uint32_t to, std::uint32_t number) {
  start_event(from, to, number);
  const cursor at = space(begin_ + from);
  if (failed_) return finish();
  // Is it JSON? Then the error is in it, in one of the shapes that there are.
  quiet_ = true;
  std::uint32_t index = 0;
  const place root;
  const bool json =
      (*at == '{' || *at == '[' || *at == '"') && open_value(at, 0, &root, index) != nullptr;
  quiet_ = false;
  const bool found =
      json && (*at != '{' ? take_error(at) : find_provider_error(at, false) || take_error(at));
  if (!found && !take_text(at, end_)) fail_memory(&root, at);
  if (!failed_) refuse_with_error(at);
  if (json || result_.error == 0) return finish();
  // The raw event is its text.
  result_.raw = allocate(2 * tape::slot_words);
  if (result_.raw == 0) return finish();
  put(result_.raw, 0, static_cast<std::uint32_t>(tape::tag::text));
  put(result_.raw + tape::slot_words, cell_at(slot_word(result_.error, message_slot)));
  return finish();
}

decoded decoder::other_text(std::uint32_t from, std::uint32_t to) {
  start_event(from, to, 0);
  issues_.begin_whole(base_ + from);
  const place root;
  const cursor at = space(begin_ + from);
  if (!failed_ && at == end_) fail(issue_code::EMPTY_BODY, &root, at);
  if (!failed_) refuse(at, root);
  return finish();
}

bool decoder::keep_text(std::uint32_t from, std::uint32_t to, text::cell& kept) {
  end_ = begin_ + to;
  text_.end_at(end_);
  const cursor stop = text_.scan(begin_ + from, kept);
  const bool is_valid = text_.take_invalid() == nullptr;
  const bool has_controls = text_.take_control() != nullptr;
  return stop != nullptr && is_valid && !has_controls;
}

std::uint32_t decoder::object_at(std::string_view source, models::model as) {
  const bool was_quiet = quiet_;
  quiet_ = true;
  const place root;
  std::uint32_t index = 0;
  root_object(reinterpret_cast<cursor>(source.data()), merged_object(as), root, index);
  quiet_ = was_quiet;
  return index;
}

std::uint32_t decoder::keep_open_text(std::uint32_t from, std::uint32_t to) {
  text::cell kept;
  const std::uint32_t word = allocate(2 * tape::slot_words);
  if (word == 0 || !keep_plain_text(from, to, kept)) return 0;
  put(word, 0, static_cast<std::uint32_t>(tape::tag::text));
  put(word + tape::slot_words, kept);
  return word;
}

bool decoder::begin_values(std::uint32_t from, std::uint32_t to, std::uint32_t number) {
  start_event(from, to, number);
  if (failed_) issues_.forget_event();
  return !failed_;
}

std::uint32_t decoder::value_within(std::uint32_t from, const table_object* schema,
                                    std::uint32_t depth, std::uint32_t part, std::uint32_t& end) {
  const std::uint32_t issues = issues_.count();
  const std::uint32_t before = words_.size();
  const place root;
  const cursor at = begin_ + from;
  cursor stop = nullptr;
  std::uint32_t index = part;
  if (schema == nullptr) {
    stop = open_value(at, depth, &root, index);
  } else if (part != 0 || (index = allocate_object(*schema)) != 0) {
    object_state o{*schema, index, at, &root, depth};
    o.is_part = *at == '"';
    if (part != 0) {
      o.present = words_[part];
      o.nulls = words_[part + 1];
    }
    stop = object(o.is_part ? at : at + 1, o);
  }
  end = static_cast<std::uint32_t>(stop - begin_);
  if (stop != nullptr && issues_.count() == issues) return index;
  issues_.forget_event();
  words_.resize_within(before);
  return 0;
}

void decoder::report_event(issue_code code, severity grade, std::uint32_t at, const place& where,
                           const char* expected, std::string_view received) {
  quiet_ = false;
  report_as(code, grade, &where, begin_ + at, expected, received);
}

void decoder::report_whole(issue_code code, std::uint64_t offset, const place& where,
                           const char* expected, const char* received) {
  issues_.begin_whole(offset);
  quiet_ = false;
  report_as(code, grade_of(code), &where, begin_, expected,
            received == nullptr ? std::string_view() : std::string_view(received));
}

void decoder::shrink(std::uint32_t bytes) {
  text_.shrink(bytes);
  words_.shrink(bytes / sizeof(std::uint32_t));
  open_stack_.shrink(bytes / sizeof(std::uint32_t));
  scratch_.shrink(bytes);
}

void decoder::read_json(cursor at) {
  const place root;
  if (at == end_) {
    fail(issue_code::EMPTY_BODY, &root, at);
    return;
  }
  std::uint32_t index = 0;
  at = open_value(at, 0, &root, index);
  result_.root = index;
  if (at == nullptr) return;
  at = space(at);
  if (at != end_) fail(issue_code::NOT_JSON, &root, at, "the end");
}

void decoder::read_body(cursor body) {
  const place root;
  if (body == end_) {
    fail(issue_code::EMPTY_BODY, &root, body);
    return;
  }
  if (*body != '{') {
    refuse(body, root);
    return;
  }
  const models::table_contract& contract =
      models::table_contracts[static_cast<std::size_t>(options_.contract)];
  const std::uint8_t schema =
      options_.kind == body_kind::completion ? contract.completion : contract.chunk;
  const cursor stop = root_object(body, models::table_objects[schema], root, result_.root);
  if (stop == nullptr) return;
  check_outcome(body, root);
  read_tail(stop, root);
}

decoder::cursor decoder::root_object(cursor at, const table_object& schema, const place& where,
                                     std::uint32_t& index) {
  index = allocate_object(schema);
  if (index == 0) return fail_memory(&where, at);
  object_state o{schema, index, at, &where, 1};
  return object(at + 1, o);
}

// What follows the value: white space, or what servers leave there (Q49).
void decoder::read_tail(cursor at, const place& root) {
  at = space(at);
  if (at == end_) return;
  if (options_.kind == body_kind::chunk && options_.keep_sources && !strict() &&
      (*at == '{' || starts_with(at, end_, "[DONE]"))) {
    result_.next = static_cast<std::uint32_t>(at - begin_);
    return;
  }
  cursor done = at;
  if (starts_with(done, end_, "data:")) {
    done = space(done + 5);
    if (starts_with(done, end_, "[DONE]")) {
      done = space(done + 6);
      if (done == end_) {
        report(issue_code::DONE_AFTER_BODY, severity::warning, &root, at);
        return;
      }
    }
  }
  if (strict()) {
    fail(issue_code::NOT_JSON, &root, at, "the end");
  } else {
    report(issue_code::TRAILING_BYTES, severity::warning, &root, at, "the end");
  }
}

// A body that is no object.
void decoder::refuse(cursor at, const place& root) {
  const auto bytes = static_cast<std::size_t>(end_ - at);
  if (*at == '<') {
    std::string_view title = preview(at);
    for (cursor tag = at; static_cast<std::size_t>(end_ - tag) >= 8 && tag < at + 4096; ++tag) {
      if (*tag != '<' || (!starts_with(tag, end_, "<title>") && !starts_with(tag, end_, "<TITLE>")))
        continue;
      tag += 7;
      cursor stop = tag;
      while (stop != end_ && *stop != '<' && stop < tag + 200) ++stop;
      title = {reinterpret_cast<const char*>(tag), static_cast<std::size_t>(stop - tag)};
      break;
    }
    fail_as(issue_code::HTML_BODY, &root, at, "JSON", title,
            "Is the base URL right, and is there no portal or firewall between?");
    return;
  }
  if (bytes >= 2 && ((at[0] == 0x1F && at[1] == 0x8B) || (at[0] == 0x28 && at[1] == 0xB5))) {
    fail_as(issue_code::NOT_JSON, &root, at, "JSON", "compressed bytes",
            "The body is compressed with gzip or zstd.");
    return;
  }
  for (const std::string_view field_name : {"data:", "event:", "id:", "retry:", ":"}) {
    if (!starts_with(at, end_, field_name)) continue;
    fail_as(issue_code::NOT_JSON, &root, at, "JSON", "an event stream",
            "The server sent a stream where a body was expected.");
    return;
  }
  // Gemini wraps its errors in an array (Q58).
  if (*at == '[') {
    const cursor element = space(at + 1);
    if (element != end_ && *element == '{' && find_provider_error(element, false)) {
      refuse_with_error(at);
      return;
    }
  }
  // Another JSON value; or plain text, of which the beginning tells more than a place in it would.
  const bool text = *at != '[' && *at != '"';
  quiet_ = text;
  options_.kind = body_kind::json;  // a number that the input ends in is whole
  std::uint32_t index = 0;
  const cursor stop = open_value(at, 0, &root, index);
  quiet_ = false;
  if (stop != nullptr && (!text || space(stop) == end_)) {
    fail(issue_code::BAD_TYPE, &root, at, "an object");
  } else if (text) {
    fail_as(issue_code::NOT_JSON, &root, at, "JSON", excerpt(at, 200));
  }
}

// The value was read: is it a completion, or something that only came in its place?
void decoder::check_outcome(cursor body, const place& root) {
  const bool whole = options_.kind == body_kind::completion;
  const std::uint32_t object = result_.root;
  const bool there = holds(object, choices_slot);
  const std::uint32_t count = there ? words_[slot_word(object, choices_slot) + 1] : 0;
  const std::uint32_t present = words_[object] | words_[object + 1];
  const bool error_member = !whole && (present >> error_slot & 1U) != 0;
  // The usual cases: choices and no error; of a stream also usage and nothing that could be one.
  if (!error_member &&
      (count != 0 ? !has_extra(object, "error") && !has_choice_error(object)
                  : !whole && (present >> x_groq_slot & 1U) == 0 && words_[object + 2] == 0))
    return;
  if (find_provider_error(body, count != 0)) {
    refuse_with_error(body);
    return;
  }
  if (!whole || count != 0 || strict()) return;
  if (unwrap_envelope(body, root)) return;
  if (there && options_.allow_empty_choices) return;
  const place where{&root, "choices"};
  const bool null = (words_[object] & words_[object + 1]) >> choices_slot & 1U;
  const cursor choices = member_value(body, "choices");
  fail_as(issue_code::NO_CHOICES, &where, choices == nullptr ? body : choices,
          "an array with a choice",
          there  ? "an empty array"
          : null ? "null"
                 : "nothing");
}

// {"result": {...}, "success": true}: the completion is inside (Q53).
bool decoder::unwrap_envelope(cursor body, const place& root) {
  const cursor success = member_value(body, "success");
  const cursor result = member_value(body, "result");
  if (success == nullptr || result == nullptr || *success != 't' || *result != '{') return false;
  const cursor choices = member_value(result, "choices");
  if (choices == nullptr) return false;
  const place where{&root, "result"};
  const place where_choices{&where, "choices"};
  issues_.forget_event();  // what is odd about the completion is reported as it is read once more
  report(issue_code::ENVELOPE_UNWRAPPED, severity::warning, &where, result);
  const table_object& schema = merged_object(models::model::chat_completion);
  if (root_object(result, schema, where, result_.root) == nullptr) return true;
  const bool there = holds(result_.root, choices_slot);
  const bool some = there && words_[slot_word(result_.root, choices_slot) + 1] != 0;
  if (find_provider_error(result, some)) {
    refuse_with_error(result);
  } else if (!some && !(there && options_.allow_empty_choices)) {
    fail_as(issue_code::NO_CHOICES, &where_choices, choices, "an array with a choice", "none");
  }
  return true;
}

// ---- Shared -------------------------------------------------------------------------------------

std::uint32_t decoder::add_extra(object_state& o, text::cell name, bool original) {
  if (original) notes_ = options_.keep_sources;  // forms have nothing odd
  if (!original && name.length() == 9 && text_.narrow(name) == "__proto__")
    name = text::make_cell(tape::text_kind::proto, name.position, 9);
  const std::uint32_t source = options_.keep_sources ? tape::slot_words : 0;
  std::uint32_t entry = allocate(source + tape::extra_words);
  if (entry == 0) return 0;
  entry += source;
  put(entry, 0, 0);
  put(entry + 2, name);
  (o.last_extra == 0 ? o.first_extra : words_[o.last_extra]) = entry;
  o.last_extra = entry;
  return entry;
}

decoder::cursor decoder::string(cursor at, const place* where, text::cell& to) {
  const cursor stop = text_.scan(at, to);
  if (const cursor invalid = text_.take_invalid(); invalid != nullptr) {
    had_invalid_text_ = true;
    report(issue_code::INVALID_UTF8, severity::warning, where, invalid);
    if (strict()) fail_as(issue_code::NOT_JSON, where, invalid, "UTF-8", "other bytes");
  }
  if (const cursor control = text_.take_control(); control != nullptr)
    report(issue_code::CONTROL_CHARACTER, severity::warning, where, control);
  if (stop != nullptr) return stop;
  switch (text_.error()) {
    case text::text_error::no_memory:
      return fail_memory(where, at);
    case text::text_error::control_character:
      return fail_as(issue_code::NOT_JSON, where, text_.error_at(), "the rest of a string",
                     "a control character");
    case text::text_error::bad_escape:
      return fail(issue_code::NOT_JSON, where, text_.error_at(), "an escape of JSON");
    default:
      return fail_syntax(where, end_, "the rest of a string");
  }
}

// ---- Reporting ----------------------------------------------------------------------------------

void decoder::report(issue_code code, severity grade, const place* where, cursor at,
                     const char* expected) {
  if (expected == nullptr) return report_as(code, grade, where, at, nullptr, {});
  report_as(code, grade, where, at, expected, at == end_ ? "the end of the input" : preview(at));
}

void decoder::report_as(issue_code code, severity grade, const place* where, cursor at,
                        const char* expected, std::string_view received, const char* hint) {
  if (quiet_) return;
  // The chunks of an assembled completion were reported for what is odd about it.
  if (options_.assembled && grade != severity::error) return;
  finding found;
  found.code = code;
  found.grade = grade;
  found.offset = static_cast<std::uint64_t>(at - begin_);
  if (expected != nullptr) found.expected = expected;
  found.received = received;
  if (hint != nullptr) found.hint = hint;
  issues_.add(found, where);
}

severity decoder::departure(issue_code code, const object_state& o) const {
  if (!strict()) return grade_of(code) == severity::error ? severity::warning : grade_of(code);
  for (const object_state* around = &o; around != nullptr; around = around->outer)
    if (around->schema.tolerant) return severity::warning;
  return severity::error;
}

void decoder::depart(issue_code code, const object_state& o, const place* where, cursor at,
                     const char* expected) {
  report(code, departure(code, o), where, at, expected);
}

decoder::cursor decoder::fail(issue_code code, const place* where, cursor at,
                              const char* expected) {
  if (quiet_) return nullptr;
  if (!failed_) report(code, severity::error, where, at, expected);
  failed_ = true;
  return nullptr;
}

decoder::cursor decoder::fail_as(issue_code code, const place* where, cursor at,
                                 const char* expected, std::string_view received,
                                 const char* hint) {
  if (quiet_) return nullptr;
  if (!failed_) report_as(code, severity::error, where, at, expected, received, hint);
  failed_ = true;
  return nullptr;
}

decoder::cursor decoder::fail_syntax(const place* where, cursor at, const char* expected) {
  return fail(at == end_ ? issue_code::TRUNCATED : issue_code::NOT_JSON, where, at, expected);
}

decoder::cursor decoder::fail_memory(const place* where, cursor at) {
  return fail_as(issue_code::LIMIT, where, at, "memory", "more");
}

decoder::cursor decoder::fail_limit(const place* where, cursor at, const char* limit) {
  return fail_as(issue_code::LIMIT, where, at, limit, "more");
}

// A value as it stands in the input, or the beginning of it.
std::string_view decoder::preview(cursor at) const {
  constexpr std::size_t longest = 40;
  const auto left = static_cast<std::size_t>(end_ - at);
  const cursor stop = skip_value(at, left < longest ? end_ : at + longest);
  // What is no value is shown by its first byte.
  return excerpt(at, stop == nullptr ? longest
                     : stop == at    ? 1
                                     : static_cast<std::size_t>(stop - at));
}

// The beginning of the text at `at`: never half a character.
std::string_view decoder::excerpt(cursor at, std::size_t length) const {
  const auto left = static_cast<std::size_t>(end_ - at);
  if (length >= left) return {reinterpret_cast<const char*>(at), left};
  while (length != 0 && (at[length] & 0xC0U) == 0x80) --length;
  return {reinterpret_cast<const char*>(at), length};
}

}  // namespace chatwire
