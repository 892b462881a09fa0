// The decoder: the bytes of one body or one event in, a tape and issues out.
//
//   decoder.cpp         the way through one input: what it is, its value, what follows
//   objects.cpp         objects of models: members and their values
//   departures.cpp      members that are not as usual: null, other types, missing, twice
//   open_value.cpp      any JSON value
//   open_rules.cpp      what open values must look like
//   forms.cpp           bodies that have the form of one that came before
//   form_notes.cpp      what that form was
//   repairs.cpp         what servers get wrong and how it is put right
//   provider_error.cpp  the shapes in which providers report errors
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "decode/form.hpp"
#include "decode/issue_log.hpp"
#include "decode/options.hpp"
#include "models/tables.hpp"
#include "tape/growable.hpp"
#include "tape/tape.hpp"
#include "text/number.hpp"
#include "text/text_store.hpp"

namespace chatwire {

/// What a decode left: everything is valid until the decoder's next call.
struct decoded {
  bool ok = false;          ///< no issue of severity error
  issue_code failure{};     ///< where not ok: the first error
  std::uint32_t root = 0;   ///< tape word of the result, or of what there is of it; 0: none
  std::uint32_t error = 0;  ///< tape word of the provider's error (model error_payload); 0: none
  std::uint32_t raw = 0;    ///< tape word of the whole body, open, beside a provider's error; or 0
  std::uint32_t issue_count = 0;
  std::uint32_t next = 0;  // where in an event's bytes another object follows; 0: none does
  bool had_form = false;  // it was compared with a body of the same form, not read member by member
};

/// A member of a merged model that the code itself knows.
struct member_id {
  std::string_view name;
  std::uint32_t slot = 0;
};

class decoder {
 public:
  decoder() { models::load_tables(); }

  /// Decodes `bytes`, which must stay where they are while the result is read.
  decoded decode(std::string_view bytes, const decoder_options& options);
  /// Fails as if there had been no memory for the input.
  decoded refuse_memory(const decoder_options& options);

  /// Turns to the events of a stream that are in `bytes`, which begin `base` bytes from the
  /// stream's start. All of them go on one tape, and keep their issues together.
  void begin_events(std::string_view bytes, std::uint64_t base, const decoder_options& options);
  /// Turns to an event without decoding it, so that it can be reported.
  void begin_event(std::uint32_t from, std::uint32_t to, std::uint32_t number) {
    start_event(from, to, number);
  }
  /// Keeps the string that begins at `from`, after its quote, in the bytes that end at `to`. False:
  /// it is not as it should be.
  bool keep_text(std::uint32_t from, std::uint32_t to, text::cell& kept);
  /// The same of a string that is plain.
  bool keep_plain_text(std::uint32_t from, std::uint32_t to, text::cell& kept) {
    return text_.keep_plain(begin_ + from, begin_ + to, kept);
  }
  /// Reads an object of the event once more, as one of a model. Returns its place on the tape, or
  /// 0.
  std::uint32_t object_at(std::string_view source, models::model as);
  /// The same as an open value; returns its place on the tape, 0: no memory.
  std::uint32_t keep_open_text(std::uint32_t from, std::uint32_t to);
  /// Turns to an event of which some values are read. False: it needs a closer look.
  bool begin_values(std::uint32_t from, std::uint32_t to, std::uint32_t number);
  /// Reads the value at `from`, which is as deep in the event as `depth` says: an object, or where
  /// there is no schema an open value. Where a name begins there, that member of an object is read,
  /// into the one at `part`, which has such members only; 0: into a new one. `end` is where the
  /// value ends. Returns its place on the tape; 0: the event needs a closer look, and nothing is
  /// told of it.
  std::uint32_t value_within(std::uint32_t from, const models::table_object* schema,
                             std::uint32_t depth, std::uint32_t part, std::uint32_t& end);
  /// What events are.
  const models::table_object& event_schema() const {
    return models::table_objects[models::table_contracts[static_cast<std::size_t>(contract_)]
                                     .chunk];
  }
  /// Takes events leniently for a while, whatever the contract.
  void be_lenient(bool lenient) {
    options_.contract = lenient ? models::contract_id::none : contract_;
  }
  /// Forgets what was reported of the event.
  void forget_event() { issues_.forget_event(); }
  /// Decodes the event that is [from, to) of these bytes; `number` is its place in the stream.
  decoded event(std::uint32_t from, std::uint32_t to, std::uint32_t number);
  /// The same of an event that its server calls an error, whatever it holds: JSON or plain text.
  decoded error_event(std::uint32_t from, std::uint32_t to, std::uint32_t number);
  /// The same of bytes that are no events: tells what they are instead.
  decoded other_text(std::uint32_t from, std::uint32_t to);
  /// Reports something about the event that was decoded last, at a place in the bytes; or about the
  /// stream as a whole, up to an offset.
  void report_event(issue_code code, severity grade, std::uint32_t at, const place& where,
                    const char* expected = nullptr, std::string_view received = {});
  void report_whole(issue_code code, std::uint64_t offset, const place& where,
                    const char* expected = nullptr, const char* received = nullptr);

  /// The tape, the text and the input of the last decode.
  const std::uint32_t* words() const { return words_.data(); }
  const text::text_store& text() const { return text_; }
  std::string_view input() const {
    return {reinterpret_cast<const char*>(begin_), static_cast<std::size_t>(end_ - begin_)};
  }
  /// The issues of the last decode as a JSON array (see issue_log).
  std::string_view issues() { return issues_.json(); }
  std::uint32_t issue_count() const { return issues_.count(); }
  /// What came out, once more: issues may have been added.
  decoded outcome() { return finish(); }

  /// Text that is not of the input, for cells on the tape.
  text::text_store& text_keeper() { return text_; }
  /// Room on the tape, for what is put beside the results; 0: no memory.
  std::uint32_t extend_tape(std::uint32_t words) { return allocate(words); }
  std::uint32_t* tape_at(std::uint32_t word) { return words_.data() + word; }

  /// With `keep_sources`: where in the input the value in a slot of an object stands, quotes and
  /// all; empty where there is none.
  std::string_view source(std::uint32_t object, const models::table_object& schema,
                          std::uint32_t slot) const {
    return source_at(source_word(object, schema, slot));
  }
  /// The same of an object itself.
  std::string_view source(std::uint32_t object, const models::table_object& schema) const {
    return source(object, schema, schema.slots);
  }
  /// The same of a member that the model does not know: name, colon and value.
  std::string_view extra_source(std::uint32_t entry) const { return source_at(entry - 2); }
  /// Whether an object on the tape has a value, not null, in a slot.
  bool holds(std::uint32_t object, std::uint32_t slot) const {
    return (words_[object] & ~words_[object + 1]) >> slot & 1U;
  }
  static std::uint32_t slot_word(std::uint32_t object, std::uint32_t slot) {
    return object + tape::header_words + tape::slot_words * slot;
  }
  text::cell cell_at(std::uint32_t word) const { return {words_[word], words_[word + 1]}; }
  /// Where the bytes of events begin in the stream.
  std::uint64_t base() const { return base_; }
  /// Whether text of the event that was decoded last was not UTF-8.
  bool had_invalid_text() const { return had_invalid_text_; }

  /// Gives back memory beyond `bytes` for each of the buffers.
  void shrink(std::uint32_t bytes);

  using cursor = const std::uint8_t*;
  /// Where the value at `at` ends, by its structure; null: not before `end`.
  static cursor skip_value(cursor at, cursor end);

 private:
  /// An object that is being read.
  struct object_state {
    const models::table_object& schema;
    std::uint32_t index;  // of its header in the tape
    cursor start;
    const place* where;
    std::uint32_t depth;
    const object_state* outer = nullptr;  // what it is inside of
    std::uint32_t present = 0;
    std::uint32_t nulls = 0;
    std::uint32_t misfits = 0;  // members whose original is under extra
    std::uint32_t first_extra = 0;
    std::uint32_t last_extra = 0;
    bool has_stale_originals = false;
    bool is_part = false;  // only its next member is read
  };

  /// What came of a member by another name than the model's: of a known one its value is to be read
  /// at `at`, else `at` is the end of it.
  struct other_name {
    cursor at = nullptr;
    const models::table_field* known = nullptr;
  };

  // decoder.cpp
  bool start(std::string_view bytes, const decoder_options& options);
  [[gnu::noinline]] decoded finish();
  void start_event(std::uint32_t from, std::uint32_t to, std::uint32_t number);
  void read_body(cursor at);
  void read_json(cursor at);
  void read_tail(cursor at, const place& root);
  void refuse(cursor at, const place& root);
  void check_outcome(cursor body, const place& root);
  bool unwrap_envelope(cursor body, const place& root);
  cursor root_object(cursor at, const models::table_object& schema, const place& where,
                     std::uint32_t& index);

  // objects.cpp
  cursor object(cursor at, object_state& o);
  cursor members(cursor at, object_state& o);
  cursor value_after(cursor at);
  cursor fail_value(const object_state& o, const models::table_field& field);
  other_name other_member(cursor name_at, object_state& o);
  bool forget_member(cursor at, object_state& o, const models::table_field& field);
  cursor unknown_member(cursor at, object_state& o, text::cell name, const place& where);
  cursor value(cursor at, object_state& o, const models::table_field& field);
  cursor other_value(cursor at, object_state& o, const models::table_field& field);
  cursor null_value(cursor at, object_state& o, const models::table_field& field,
                    const place& where);
  cursor text_value(cursor at, object_state& o, const models::table_field& field);
  cursor word_value(cursor start, text::cell& kept) const;
  cursor long_text_value(cursor at, object_state& o, const models::table_field& field);
  void report_value(cursor at, const object_state& o, const models::table_field& field);
  cursor number_value(cursor at, object_state& o, const models::table_field& field);
  cursor other_number(cursor at, object_state& o, const models::table_field& field);
  cursor odd_number(cursor at, object_state& o, const models::table_field& field);
  cursor object_value(cursor at, object_state& o, const models::table_field& field);
  cursor objects_value(cursor at, object_state& o, const models::table_field& field);
  cursor token_bytes(cursor at, std::uint32_t& count);
  cursor numbers_value(cursor at, object_state& o, const models::table_field& field);
  cursor odd_numbers(cursor start, cursor at, std::uint32_t count, object_state& o,
                     const models::table_field& field);
  cursor texts_value(cursor at, object_state& o, const models::table_field& field);
  cursor open_member(cursor at, object_state& o, const models::table_field& field,
                     const place& where);
  cursor misfit(cursor at, object_state& o, const models::table_field& field, const place& where,
                issue_code code);
  cursor keep_original(cursor at, object_state& o, const models::table_field& field,
                       const place& where, bool again = false);
  cursor skip(cursor at, const object_state& o, const place& where);
  void close(object_state& o);
  void drop_stale_originals(object_state& o);
  void check_required(object_state& o);
  void report_missing(const object_state& o, std::uint32_t slots);
  bool is_closed_out(const models::table_field& field, text::cell value) const;
  /// The text of a cell where that is ASCII, also of a constant; otherwise empty.
  std::string_view narrow(text::cell of) const;

  // forms.cpp
  bool follow_forms();
  bool follow(const form& known);

  // form_notes.cpp
  bool may_have_form();
  void put_first(std::uint32_t place);
  bool notes_form() const { return notes_ && !options_.keep_sources; }
  form& noted_form() { return forms_[form_order_[form_count - 1]]; }
  void begin_form();
  void note_value(const object_state& o, const models::table_field& field, cursor from, cursor to);
  void note_unknown(std::uint32_t entry, const place& where, cursor from, cursor to,
                    std::uint32_t value);
  bool note_varying(cursor from, cursor to, std::uint32_t word, models::kind as,
                    std::uint32_t name_length = 0);
  bool keep_form_bytes(cursor to);
  void end_form();

  // open_value.cpp
  cursor open_value(cursor at, std::uint32_t depth, const place* where, std::uint32_t& index);
  cursor abandon_open(std::uint32_t base, std::uint32_t index, bool last_too);
  cursor quick_numbers(cursor at, std::uint32_t& count);
  cursor open_scalar(cursor at, const place* where);
  cursor open_number(cursor at, const text::number& number, const place* where);
  cursor open_literal(cursor at, const place* where);
  bool fits(models::open_rule rule, std::uint32_t index) const;
  std::uint32_t scalar_end(std::uint32_t at, std::uint8_t items) const;
  std::uint32_t array_end(std::uint32_t at, std::uint8_t items) const;
  bool fits(const models::table_field& field, std::uint32_t index) const;
  cursor member_value(cursor object_start, std::string_view name);

  // repairs.cpp
  void repair(object_state& o);
  void repair_choice(object_state& o);
  void repair_message(object_state& o);
  void repair_tool_call(object_state& o);
  void repair_content_part(object_state& o);
  cursor repair_number(cursor at, object_state& o, const models::table_field& field,
                       const place& where);
  cursor repair_arguments(cursor at, object_state& o, const models::table_field& field,
                          const place& where);
  cursor non_finite(cursor at, double& value) const;
  bool is_cut_non_finite(cursor at) const;
  bool minify(cursor from, cursor to, text::cell& kept);

  // provider_error.cpp
  bool find_provider_error(cursor body, bool has_choices);
  bool take_error(cursor at);
  bool take_message(cursor at);
  bool has_choice_error(std::uint32_t object) const;
  bool find_choice_error(cursor body);
  bool is_set(cursor at) const;
  bool has_set_member(cursor object) const;
  bool has_extra(std::uint32_t object, std::string_view name) const;
  void refuse_with_error(cursor body);
  bool take_text(cursor from, cursor to);
  bool put_message(text::cell cell);

  // Shared by all of them.
  std::uint32_t allocate(std::uint32_t words) {  // 0: no memory
    const std::uint32_t at = words_.size();
    if (!words_.room(words)) return 0;
    words_.resize_within(at + words);
    return at;
  }
  std::uint32_t allocate_object(const models::table_object& schema) {
    const std::uint32_t sources =
        options_.keep_sources ? tape::slot_words * (schema.slots + 1U) : 0;
    return allocate(tape::header_words + tape::slot_words * schema.slots + sources);
  }
  static std::uint32_t source_word(std::uint32_t object, const models::table_object& schema,
                                   std::uint32_t slot) {
    return slot_word(object, schema.slots + slot);
  }
  std::string_view source_at(std::uint32_t word) const {
    const std::uint32_t from = words_[word];
    const std::uint32_t to = words_[word + 1];
    // Members that chatwire made up stand nowhere.
    if (from > to || to > static_cast<std::size_t>(end_ - begin_)) return {};
    return {reinterpret_cast<const char*>(begin_) + from, to - from};
  }
  void note_source(const object_state& o, const models::table_field& field, cursor from,
                   cursor to) {
    put(source_word(o.index, o.schema, field.slot), static_cast<std::uint32_t>(from - begin_),
        static_cast<std::uint32_t>(to - begin_));
  }
  void write_header(const object_state& o);
  static bool has_come(const object_state& o, const models::table_field& field) {
    return ((o.present | o.nulls | o.misfits) >> field.slot & 1U) != 0;
  }
  static std::uint32_t slot(const object_state& o, const models::table_field& field) {
    return slot_word(o.index, field.slot);
  }
  static std::uint32_t slot(const object_state& o, const member_id& member) {
    return slot_word(o.index, member.slot);
  }
  void put(std::uint32_t word, std::uint32_t first, std::uint32_t second) {
    words_[word] = first;
    words_[word + 1] = second;
  }
  void put(std::uint32_t word, text::cell cell) { put(word, cell.position, cell.meta); }
  void put_double(std::uint32_t word, double number) {
    std::memcpy(words_.data() + word, &number, sizeof number);
  }
  static void mark(object_state& o, const models::table_field& field) { mark_slot(o, field.slot); }
  static void mark(object_state& o, const member_id& member) { mark_slot(o, member.slot); }
  static void mark_slot(object_state& o, std::uint32_t slot) {
    o.present |= 1U << slot;
    o.nulls &= ~(1U << slot);
  }
  static void mark_null(object_state& o, std::uint32_t slot) {
    o.present |= 1U << slot;
    o.nulls |= 1U << slot;
  }
  static void mark_open(object_state& o, std::uint32_t slot) {
    o.present &= ~(1U << slot);
    o.nulls |= 1U << slot;
  }
  static void mark_absent(object_state& o, std::uint32_t slot) {
    o.present &= ~(1U << slot);
    o.nulls &= ~(1U << slot);
  }
  std::uint32_t add_extra(object_state& o, text::cell name, bool original);
  std::uint32_t add_original(object_state& o, const member_id& member);
  /// Whether an open value that broke off has nothing but its place.
  bool holds_nothing(std::uint32_t value) const {
    return value + 1 >= words_.size() ||
           words_[value + 1] == static_cast<std::uint32_t>(tape::tag::null);
  }
  void drop_cut_extra(object_state& o, std::uint32_t before, std::uint32_t value);
  bool keep_original_null(object_state& o, const member_id& member);
  bool keep_original_text(object_state& o, const member_id& member, text::cell value);
  cursor string(cursor at, const place* where, text::cell& to);
  /// A member's name, from the byte after the opening quote to the byte after the closing one.
  cursor name(cursor at, const place* where, text::cell& to);

  bool strict() const { return options_.contract != models::contract_id::none; }
  cursor space(cursor at) const {
    // Servers that write no white space are the rule.
    return at != end_ && *at > ' ' ? at : skip_space(at);
  }
  [[gnu::noinline]] cursor skip_space(cursor at) const;  // called in many places, run in few bodies

  // Reporting. `fail` ends the decode. What was received is what stands at `at`, where something
  // else was expected; the `_as` forms say it themselves. Texts go as pointers: it makes small
  // code.
  void report(issue_code code, severity grade, const place* where, cursor at,
              const char* expected = nullptr);
  void report_as(issue_code code, severity grade, const place* where, cursor at,
                 const char* expected, std::string_view received, const char* hint = nullptr);
  /// Graver under a contract, unless the contract is tolerant of this object or one around it.
  void depart(issue_code code, const object_state& o, const place* where, cursor at,
              const char* expected);
  severity departure(issue_code code, const object_state& o) const;
  cursor fail(issue_code code, const place* where, cursor at, const char* expected = nullptr);
  cursor fail_as(issue_code code, const place* where, cursor at, const char* expected,
                 std::string_view received, const char* hint = nullptr);
  cursor fail_syntax(const place* where, cursor at, const char* expected);
  cursor fail_memory(const place* where, cursor at);
  cursor fail_limit(const place* where, cursor at, const char* limit);
  std::string_view preview(cursor at) const;
  std::string_view excerpt(cursor at, std::size_t length) const;
  cursor value_at(const object_state& o, const member_id& member);
  std::uint64_t body_hash();

  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t base_ = 0;          // where the bytes of events begin in the stream
  models::contract_id contract_{};  // of events
  decoder_options options_;
  decoded result_;
  cursor name_end_ = nullptr;  // where value_after found no value
  bool failed_ = false;
  bool had_invalid_text_ = false;
  bool quiet_ = false;           // nothing is reported
  bool notes_ = false;           // values are noted: their sources, or the form of the body
  std::uint64_t body_hash_ = 0;  // 0: not made yet
  text::text_store text_;
  tape::growable<std::uint32_t> words_;
  tape::growable<std::uint32_t> open_stack_;
  tape::growable<std::uint8_t> scratch_;
  issue_log issues_;

  // The forms of bodies that came lately, and which of them came last. One is there to note
  // another.
  static constexpr std::uint32_t form_count = 9;
  form forms_[form_count];
  std::uint8_t form_order_[form_count] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  form_terms form_terms_;
  std::uint32_t form_missed_ = 0;    // bodies since one was noted that had no known form
  std::uint32_t form_patience_ = 1;  // so many are let pass
  cursor noted_ = nullptr;           // how far the body was noted
};

}  // namespace chatwire
