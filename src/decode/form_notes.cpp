// Notes the form of a body while it is decoded (forms.cpp reads those that have it, too). It runs
// seldom, so it is compiled for size.
#include <cstring>

#include "decode/decoder.hpp"

namespace chatwire {

using models::kind;
using models::table_field;
using models::usual;

namespace {

// In large bodies it is texts and tokens that take time, not members.
constexpr std::ptrdiff_t largest_body = 16384;
constexpr std::uint32_t most_words = 8192;
constexpr std::uint32_t most_values = 512;
constexpr std::uint32_t most_patience = 64;

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

// Whether the body may have a form that is known, or become one.
bool decoder::may_have_form() {
  const decoder_options& now = options_;
  if (end_ - begin_ > largest_body || now.kind != body_kind::completion || now.assembled ||
      now.keep_sources || now.allow_empty_choices)
    return false;
  // What else the body must be like was asked of the forms, too.
  const form_terms terms = {static_cast<std::uint32_t>(now.contract), now.limits.depth,
                            now.limits.choices, now.limits.tool_calls};
  if (std::memcmp(&terms, &form_terms_, sizeof terms) != 0) {
    form_terms_ = terms;
    for (form& one : forms_) one.forget();
  }
  return true;
}

void decoder::put_first(std::uint32_t place) {
  const std::uint8_t first = form_order_[place];
  for (; place != 0; --place) form_order_[place] = form_order_[place - 1];
  form_order_[0] = first;
}

// Has the body that is read now noted as a form. Where forms do not come again, few are tried.
void decoder::begin_form() {
  if (form_missed_++ < form_patience_) return;
  form_missed_ = 0;
  if (form_patience_ < most_patience) form_patience_ *= 2;
  noted_form().forget();
  noted_ = begin_;
  notes_ = true;
}

// A value that was read as it usually is stays what it is or may vary; a form has no other ones.
void decoder::note_value(const object_state& o, const table_field& of, cursor from, cursor to) {
  const std::uint32_t word = slot(o, of);
  const bool there = (o.present >> of.slot & 1U) != 0;
  if (there && *from == '"' && of.way == usual::is_text) {
    const text::cell cell = cell_at(word);
    // What depends on what a text says depends on words that are known, or on there being none.
    if (cell.kind() == tape::text_kind::constant || cell.length() == 0) return;
    if (of.known_count == 0 && note_varying(from + 1, to - 1, word, kind::text)) return;
  } else if (there && starts_number(*from) && of.way == usual::is_number) {
    if (note_varying(from, to, word, of.of == kind::number ? kind::number : kind::count)) return;
  } else if (there && (*from == 'n' || of.of == kind::boolean || of.way != usual::none)) {
    return;
  }
  notes_ = false;
}

// The same of a member that no model knows.
void decoder::note_unknown(std::uint32_t entry, const place& where, cursor from, cursor to,
                           std::uint32_t value) {
  const std::string_view name = where.name;
  const auto* const quote = reinterpret_cast<cursor>(name.data() + name.size());
  const auto length = static_cast<std::uint32_t>(name.size()) + 1;
  if (!where.escaped && cell_at(entry + 2).kind() != tape::text_kind::proto &&
      note_varying(quote + 1, quote, entry + 2, kind::text, length)) {
    if (*from == '"') {
      if (to - from == 2 || note_varying(from + 1, to - 1, value + tape::slot_words, kind::text))
        return;
    } else if (starts_number(*from)) {
      if (note_varying(from, to, value, kind::number)) return;
    } else if ((*from != '{' && *from != '[') || to - from == 2) {
      return;
    }
  }
  notes_ = false;
}

bool decoder::note_varying(cursor from, cursor to, std::uint32_t word, kind as,
                           std::uint32_t name_length) {
  form& to_note = noted_form();
  if (from < noted_ || to_note.values.size() == most_values) return false;
  if (to_note.values.size() == 1) to_note.second = static_cast<std::uint32_t>(noted_ - begin_);
  const auto before = static_cast<std::uint32_t>(from - noted_);
  if (!keep_form_bytes(from) || !to_note.values.push({before, word, name_length, as})) return false;
  noted_ = to;
  return true;
}

bool decoder::keep_form_bytes(cursor to) {
  const auto length = static_cast<std::uint32_t>(to - noted_);
  tape::growable<std::uint8_t>& bytes = noted_form().bytes;
  if (!bytes.room(length)) return false;
  std::memcpy(bytes.data() + bytes.size(), noted_, length);
  bytes.resize_within(bytes.size() + length);
  return true;
}

void decoder::end_form() {
  form& made = noted_form();
  const std::uint32_t size = words_.size();
  const std::uint32_t values = made.values.size();
  if (!failed_ && issues_.count() == 0 && size <= most_words && values > 1 &&
      made.values[1].before >= sizeof(std::uint64_t) && note_varying(end_, end_, 0, kind::open) &&
      made.words.room(size)) {
    std::memcpy(made.words.data(), words_.data(), size * sizeof(std::uint32_t));
    made.words.resize_within(size);
    made.root = result_.root;
    made.was_followed = false;
    put_first(form_count - 1);
  }
  notes_ = false;
}

}  // namespace chatwire
