// What is not as usual about a member: a name with escapes, null, a value of another type, one that
// the contract does not allow, a member that is missing. It is rare, so it is compiled for size.
#include <cmath>
#include <cstring>

#include "decode/decoder.hpp"
#include "decode/vocabulary.hpp"
#include "text/number.hpp"

namespace chatwire {

using models::also;
using models::kind;
using models::table_field;
using models::table_object;

namespace {

const table_field& field_at(const table_object& of, std::uint32_t number) {
  return models::table_fields[of.field + number];
}

const table_field* find_member(const table_object& schema, std::string_view name) {
  for (std::uint32_t i = 0; i < schema.count; ++i)
    if (name_of(field_at(schema, i)) == name) return &field_at(schema, i);
  return nullptr;
}

// By kind and by open_rule.
constexpr const char* kind_expectations[] = {
    "a string",
    "an integer",
    "a count",
    "a number",
    "true or false",
    "an object",
    "an array of objects",
    "an array of integers",
    "an array of numbers",
    "an array of strings",
    "any value",
    "a string or an array of content parts",
};
constexpr const char* rule_expectations[] = {
    "any value",
    "an object",
    "an object of strings",
    "an object of booleans",
    "an object of numbers",
    "an object of arrays of strings",
    "a string or a number",
    "an array",
    "an array of strings and numbers",
    "an array of arrays of numbers",
};

const char* expectation(const table_field& of) {
  return of.of == kind::open ? rule_expectations[static_cast<std::size_t>(of.rule)]
                             : kind_expectations[static_cast<std::size_t>(of.of)];
}

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

decoder::cursor decoder::fail_value(const object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  return fail_syntax(&where, name_end_, name_end_ == end_ ? "a value" : "a colon");
}

// A member whose name is not written as the model's are. Names with escapes may be known ones.
decoder::other_name decoder::other_member(cursor name_at, object_state& o) {
  const cursor stop = text::skip_plain(name_at, end_);
  text::cell name;
  cursor at = this->name(name_at, o.where, name);
  if (at == nullptr) return {};
  const table_field* known = *stop == '"' ? nullptr : find_member(o.schema, text_.narrow(name));
  // The text that was kept may move as more is read; the source stays.
  const place where{
      o.where,
      {reinterpret_cast<const char*>(name_at), static_cast<std::size_t>(at - 1 - name_at)},
      0,
      *stop != '"'};
  at = value_after(at);
  if (at == nullptr) {
    fail_syntax(&where, name_end_, name_end_ == end_ ? "a value" : "a colon");
    return {};
  }
  return known != nullptr ? other_name{at, known}
                          : other_name{unknown_member(at, o, name, where), nullptr};
}

void decoder::check_required(object_state& o) {
  const std::uint32_t there = o.present | o.nulls | o.misfits;
  if ((o.schema.required & ~there) != 0) {
    // A stream has no chunk to say null in, so a member that may be null is null.
    for (std::uint32_t i = 0; options_.assembled && i < o.schema.count; ++i) {
      const table_field& of = field_at(o.schema, i);
      if (of.nullable && (o.schema.required & ~there) >> of.slot & 1U) mark_null(o, of.slot);
    }
    report_missing(o, o.schema.required & ~there);
  }
  for (std::uint32_t i = 0; i < o.schema.rules; ++i) {
    const models::table_rule& rule = models::table_rules[o.schema.rule + i];
    if (!rule.tagged) {
      // One of these members tells which variant the object is.
      if ((there & rule.members) == 0) report_missing(o, rule.members);
      continue;
    }
    // The slot of a tag that is null, or of no string, has nothing to be read.
    if ((rule.members & ~there) == 0 || !(o.present & ~o.nulls & 1U << rule.tag_slot)) continue;
    const text::cell tag = cell_at(slot_word(o.index, rule.tag_slot));
    if (narrow(tag) == std::string_view(models::table_names + rule.value, rule.value_length))
      report_missing(o, rule.members & ~there);
  }
}

void decoder::report_missing(const object_state& o, std::uint32_t slots) {
  for (std::uint32_t i = 0; i < o.schema.count; ++i) {
    const table_field& of = field_at(o.schema, i);
    if ((slots >> of.slot & 1U) == 0) continue;
    if (options_.assembled && of.nullable) continue;
    const place where{o.where, name_of(of)};
    report_as(issue_code::MISSING, departure(issue_code::MISSING, o), &where, o.start,
              expectation(of), "nothing");
  }
}

// A member that comes again: whether what was read of it gives way to the value at `at`.
bool decoder::forget_member(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const std::uint32_t bit = 1U << of.slot;
  report(issue_code::DUPLICATE_KEY, severity::warning, &where, at);
  // The last one counts, as in JSON.parse; but a null does not undo what was said (Q38).
  const bool had_value = (((o.present & ~o.nulls) | (o.nulls & ~o.present)) & bit) != 0;
  if (!strict() && *at == 'n' && had_value) return false;
  mark_absent(o, of.slot);
  o.has_stale_originals = o.has_stale_originals || (o.misfits & bit) != 0;
  o.misfits &= ~bit;
  return true;
}

decoder::cursor decoder::other_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  if (*at == 'n') return null_value(at, o, of, where);
  if (of.of == kind::open || of.twin == kind::open) return open_member(at, o, of, where);
  if (of.of == kind::boolean) {
    const std::string_view word = *at == 't' ? "true" : "false";
    const auto left = static_cast<std::size_t>(end_ - at);
    if (std::memcmp(at, word.data(), left < word.size() ? left : word.size()) == 0) {
      if (left < word.size()) return fail_syntax(&where, end_, "true or false");
      put(slot(o, of), *at == 't' ? 1 : 0, 0);
      mark(o, of);
      return at + word.size();
    }
  }
  if ((*at == '"' && (of.other & also::also_text) != 0) ||
      (*at == '{' && (of.other & also::also_map) != 0) ||
      (starts_number(*at) && (of.other & also::also_number) != 0)) {
    return open_member(at, o, of, where);
  }
  return misfit(at, o, of, where, issue_code::BAD_TYPE);
}

decoder::cursor decoder::null_value(cursor at, object_state& o, const table_field& of,
                                    const place& where) {
  if (end_ - at < 4 || std::memcmp(at, "null", 4) != 0) {
    const cursor left =
        end_ - at < 4 && std::memcmp(at, "null", static_cast<std::size_t>(end_ - at)) == 0 ? end_
                                                                                           : at;
    return fail_syntax(&where, left, "a value");
  }
  mark_null(o, of.slot);
  if (!of.nullable) {
    depart(issue_code::NULL_VALUE, o, &where, at, expectation(of));
  }
  return at + 4;
}

// Text with escapes or beyond ASCII, and all that can be wrong with text.
decoder::cursor decoder::long_text_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  text::cell cell;
  const cursor stop = string(at + 1, &where, cell);
  // What was read of a string that is cut off is worth keeping.
  put(slot(o, of), cell);
  mark(o, of);
  if (stop == nullptr) return nullptr;
  if (of.closed && is_closed_out(of, cell)) report_value(at, o, of);
  return stop;
}

void decoder::report_value(cursor at, const object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  depart(issue_code::BAD_VALUE, o, &where, at, "one of the strings that the contract lists");
}

std::string_view decoder::narrow(text::cell of) const {
  if (of.kind() != tape::text_kind::constant) return text_.narrow(of);
  return {word_text(of.position, of.length()), of.length()};
}

bool decoder::is_closed_out(const table_field& of, text::cell cell) const {
  if (cell.kind() == tape::text_kind::pool16 || cell.kind() == tape::text_kind::text16) return true;
  const std::string_view text = narrow(cell);
  for (std::uint32_t i = 0; i < of.known_count; ++i)
    if (text == text_of(models::table_values[of.known + i])) return false;
  return true;
}

// A number that is cut off, malformed, or not what the member takes.
decoder::cursor decoder::odd_number(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const text::number number = text::read_number(at, end_);
  if (number.end == nullptr || number.end == end_) {
    if (*at == '-' && number.end == nullptr) return repair_number(at, o, of, where);
    // A number that the input ends in may be cut off, so it is not taken for what it seems.
    const cursor stop = number.end == nullptr ? at : number.end;
    bool cut = true;
    for (cursor byte = stop; byte != end_; ++byte)
      cut = cut && (starts_number(*byte) || *byte == '+' || *byte == '.' || (*byte | 0x20) == 'e');
    return fail_syntax(&where, cut ? end_ : at, "a number");
  }
  double value = number.value;
  if (value != std::floor(value) || std::isinf(value)) {
    depart(issue_code::NOT_INTEGER, o, &where, at, expectation(of));
    if (of.of == kind::integer && !strict()) {
      if (keep_original(at, o, of, where) == nullptr) return nullptr;
      value = std::floor(value);
    }
  }
  if (of.of == kind::count && value < 0)
    return misfit(at, o, of, where, issue_code::NEGATIVE_COUNT);
  put_double(slot(o, of), value);
  mark(o, of);
  return number.end;
}

// An array that is not all numbers: `at` is where that shows.
decoder::cursor decoder::odd_numbers(cursor start, cursor at, std::uint32_t count, object_state& o,
                                     const table_field& of) {
  const place where{o.where, name_of(of)};
  const place element{&where, {}, count};
  if (o.depth + 1 > options_.limits.depth) return fail_limit(&where, start, "depth");
  // Read as any JSON, it is either kept as it is, or the place where it is none is told; the
  // numbers up to there stay.
  const std::uint32_t size = words_.size();
  std::uint32_t index = 0;
  if (open_value(start, o.depth, &element, index) == nullptr) return nullptr;
  words_.resize_within(size);
  mark_absent(o, of.slot);
  depart(issue_code::BAD_TYPE, o, &element, at,
         of.of == kind::integers ? "an integer" : "a number");
  return keep_original(start, o, of, where, true);
}

decoder::cursor decoder::texts_value(cursor at, object_state& o, const table_field& of) {
  const place where{o.where, name_of(of)};
  const cursor start = at;
  const std::uint32_t first = words_.size();
  std::uint32_t count = 0;
  if (o.depth + 1 > options_.limits.depth) return fail_limit(&where, at, "depth");
  // The slot always tells what is there, also of an array that is cut off.
  put(slot(o, of), first, 0);
  mark(o, of);
  at = space(at + 1);
  if (at != end_ && *at == ']') return at + 1;
  for (;;) {
    const place element{&where, {}, count};
    if (at == end_) return fail_syntax(&element, at, "a string");
    if (*at != '"') {
      words_.resize_within(first);
      mark_absent(o, of.slot);
      depart(issue_code::BAD_TYPE, o, &element, at, "a string");
      return keep_original(start, o, of, where);
    }
    text::cell cell;
    at = string(at + 1, &element, cell);
    const std::uint32_t word = allocate(tape::slot_words);
    if (word == 0) return fail_memory(&element, start);
    put(word, cell);
    put(slot(o, of), first, ++count);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (at != end_ && *at == ',') {
      at = space(at + 1);
      continue;
    }
    if (at != end_ && *at == ']') break;
    return fail_syntax(&where, at, "a comma or the end of the array");
  }
  return at + 1;
}

decoder::cursor decoder::open_member(cursor at, object_state& o, const table_field& of,
                                     const place& where) {
  std::uint32_t index = 0;
  const std::uint32_t size = words_.size();
  const cursor stop = open_value(at, o.depth, &where, index);
  if (stop == nullptr && holds_nothing(index)) return nullptr;
  const bool fitting =
      stop == nullptr ||
      (of.of == kind::open ? fits(of.rule, index) : of.twin != kind::open || fits(of, index));
  if (!fitting) {
    words_.resize_within(size);
    if (keep_original(at, o, of, where, true) == nullptr) return nullptr;
    depart(issue_code::BAD_TYPE, o, &where, at, expectation(of));
    return stop;
  }
  put(slot(o, of), index, 0);
  if (of.twin == kind::open) {
    mark(o, of);
  } else {
    mark_open(o, of.slot);
  }
  return stop;
}

decoder::cursor decoder::unknown_member(cursor at, object_state& o, text::cell name,
                                        const place& where) {
  const std::uint32_t before = o.last_extra;
  const std::uint32_t entry = add_extra(o, name, false);
  if (entry == 0) return fail_memory(&where, at);
  std::uint32_t index = 0;
  const cursor stop = open_value(at, o.depth, &where, index);
  if (stop == nullptr) {
    drop_cut_extra(o, before, index);
  } else if (options_.keep_sources) {
    const auto* quote = reinterpret_cast<cursor>(where.name.data()) - 1;
    put(entry - 2, static_cast<std::uint32_t>(quote - begin_),
        static_cast<std::uint32_t>(stop - begin_));
  } else if (notes_) {
    note_unknown(entry, where, at, stop, index);
  }
  return stop;
}

decoder::cursor decoder::misfit(cursor at, object_state& o, const table_field& of,
                                const place& where, issue_code code) {
  const std::uint8_t byte = *at;
  if (!strict()) {
    if (of.of == kind::integer || of.of == kind::count || of.of == kind::number) {
      if (code == issue_code::BAD_TYPE) return repair_number(at, o, of, where);
    }
    if ((byte == '{' || byte == '[') && of.of == kind::text &&
        (o.schema.id == models::model::tool_function ||
         o.schema.id == models::model::function_call) &&
        name_of(of) == "arguments") {
      return repair_arguments(at, o, of, where);
    }
  }
  const cursor stop = keep_original(at, o, of, where);
  // Syntax errors were reported already, and are what counts.
  if (stop == nullptr) return nullptr;
  depart(code, o, &where, at, expectation(of));
  return stop;
}

decoder::cursor decoder::keep_original(cursor at, object_state& o, const table_field& of,
                                       const place& where, bool again) {
  const std::uint32_t before = o.last_extra;
  if (add_original(o, {name_of(of), of.slot}) == 0) return fail_memory(&where, at);
  std::uint32_t index = 0;
  const bool was_quiet = quiet_;
  quiet_ = quiet_ || again;  // what is odd about the value was reported when it was read first
  const cursor stop = open_value(at, o.depth, &where, index);
  quiet_ = was_quiet;
  if (stop == nullptr) drop_cut_extra(o, before, index);
  return stop;
}

// A member of whose value nothing came before the input ended is no member.
void decoder::drop_cut_extra(object_state& o, std::uint32_t before, std::uint32_t value) {
  if (!holds_nothing(value)) return;
  (before == 0 ? o.first_extra : words_[before]) = 0;
  o.last_extra = before;
}

decoder::cursor decoder::skip(cursor at, const object_state& o, const place& where) {
  const std::uint32_t size = words_.size();
  std::uint32_t index = 0;
  at = open_value(at, o.depth + 1, &where, index);
  words_.resize_within(size);
  return at;
}

// Of a member that came again, only the last original counts, and none where the last value fits.
void decoder::drop_stale_originals(object_state& o) {
  std::uint32_t last[32]{};
  bool none_left = true;
  for (std::uint32_t entry = o.first_extra; entry != 0; entry = words_[entry]) {
    const std::uint32_t slot = words_[entry + 1] - 1;
    if (slot >= 32) {
      none_left = false;
      continue;
    }
    if (last[slot] != 0) words_[last[slot] + 1] = tape::stale_original;
    last[slot] = entry;
    if ((o.misfits >> slot & 1U) == 0) words_[entry + 1] = tape::stale_original;
  }
  if (none_left && o.misfits == 0) o.first_extra = o.last_extra = 0;
}

}  // namespace chatwire
