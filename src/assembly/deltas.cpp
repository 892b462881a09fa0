// What a delta adds to the message of its choice: texts, parts, items.
#include "assembly/assembly.hpp"

namespace chatwire::assembly {
namespace {

using models::model;

constexpr std::uint32_t content_slot = slot_of(merged::delta, "content");
constexpr std::uint32_t refusal_slot = slot_of(merged::delta, "refusal");
constexpr std::uint32_t reasoning_slot = slot_of(merged::delta, "reasoning");
constexpr std::uint32_t part_type_slot = slot_of(merged::content_part, "type");
constexpr std::uint32_t part_text_slot = slot_of(merged::content_part, "text");
constexpr std::uint32_t thinking_slot = slot_of(merged::content_part, "thinking");
constexpr std::uint32_t thinking_type_slot = slot_of(merged::thinking_part, "type");
constexpr std::uint32_t thinking_text_slot = slot_of(merged::thinking_part, "text");
constexpr std::uint32_t detail_type_slot = slot_of(merged::reasoning_detail, "type");
constexpr std::uint32_t detail_text_slot = slot_of(merged::reasoning_detail, "text");
constexpr std::uint32_t detail_id_slot = slot_of(merged::reasoning_detail, "id");
constexpr std::uint32_t detail_index_slot = slot_of(merged::reasoning_detail, "index");
constexpr std::uint32_t tool_index_slot = slot_of(merged::executed_tool, "index");
// In the order of which events come, and those of one text after those of another.
static_assert(content_slot < refusal_slot && refusal_slot < reasoning_slot);

constexpr std::string_view text_start = R"({"type":"text","text":")";

}  // namespace

// ---- Texts --------------------------------------------------------------------------------------

void assembly::join_text(std::uint32_t at, std::uint32_t slot, std::uint32_t at_word, view source) {
  // Some servers send one reasoning under several names: each is kept, one is told.
  quiet_ = slot > reasoning_slot && events_.size() != reasoned_;
  const event_kind kind = slot == content_slot   ? event_kind::text
                          : slot == refusal_slot ? event_kind::refusal
                                                 : event_kind::reasoning;
  if (kind_of(source) == '[') {
    join_parts(at, at_word);
  } else if (kind_of(source) != '"') {
    join_value(at, rule::text, source);
  } else {
    view text = inside(clean(source));
    const bool may_repeat = options_.cumulative && slot != refusal_slot;
    if (may_repeat) text = without_repetition(at, text, source);
    append_text(at, text);
    if (may_repeat && nodes_[at].as == form::text) {
      tell_untold(at, kind, false);
    } else if (!text.empty()) {
      tell(kind, at_word);
    }
  }
  quiet_ = false;
  if (slot <= refusal_slot) reasoned_ = events_.size();
}

// Deltas that repeat all that came before them: once two in a row did, and there was something to
// repeat, the rest of each is what counts.
assembly::view assembly::without_repetition(std::uint32_t at, view text, view source) {
  node& to = nodes_[at];
  const view all = to.as == form::text ? to.text.view() : view();
  if (to.cumulates) {
    if (starts_with(text, all)) text.remove_prefix(all.size());
    return text;
  }
  if (text.empty()) return text;
  // The content may have become a list of parts.
  if (to.delta > all.size()) to.delta = to.repeats = to.told = 0;
  // What came last is the end of all that came. Does this text begin with it?
  const view last(all.data() + all.size() - to.delta, to.delta);
  const bool repeats = text.size() > last.size() && !last.empty() && starts_with(text, last);
  to.repeats = repeats ? to.repeats + 1 : 0;
  to.delta = static_cast<std::uint32_t>(text.size());
  if (to.repeats < 2 || text.size() < 5) return text;
  to.cumulates = true;
  report(issue_code::CUMULATIVE_DELTAS, "delta", source);
  restart(at);
  return text;
}

void assembly::append_text(std::uint32_t at, view text) {
  if (nodes_[at].as == form::parts) {
    if (text.empty()) return;
    if (nodes_[at].open != open_part::text) begin_part(at, text_start, open_part::text);
  } else {
    become(at, form::text);
  }
  append(at, text);
}

// ---- Parts of content ---------------------------------------------------------------------------

// Neighbouring parts of text, and of thinking, are pieces of one.
void assembly::join_parts(std::uint32_t at, std::uint32_t at_word) {
  std::uint32_t left = from_->cell_at(at_word).length();
  if (left != 0 && nodes_[at].as != form::parts) {
    const bool was_text = nodes_[at].as == form::text;
    piece before = nodes_[at].text;
    nodes_[at].text = {};
    held_ -= before.size;
    become(at, form::parts);
    if (was_text) append_text(at, before.view());
    before.release();
  }
  std::uint32_t part = word(at_word);
  for (; left != 0; --left) {
    join_part(at, part);
    if (from_->holds(part, part_text_slot))
      tell(event_kind::text, decoder::slot_word(part, part_text_slot));
    if (from_->holds(part, thinking_slot)) tell_thoughts(decoder::slot_word(part, thinking_slot));
    part = word(part + 3);
  }
}

void assembly::tell_thoughts(std::uint32_t list) {
  std::uint32_t item = word(list);
  for (std::uint32_t left = word(list + 1); left != 0; --left, item = word(item + 3))
    if (from_->holds(item, thinking_text_slot))
      tell(event_kind::reasoning, decoder::slot_word(item, thinking_text_slot));
}

// Whether an object has certain members and no others.
bool assembly::has_only(std::uint32_t object, std::uint32_t first, std::uint32_t second) const {
  return word(object) == (1U << first | 1U << second) && word(object + 1) == 0 &&
         word(object + 2) == 0;
}

void assembly::join_part(std::uint32_t at, std::uint32_t part) {
  const view type = source(part, model::content_part, part_type_slot);
  const bool is_typed = from_->holds(part, part_type_slot);
  if (is_typed && has_only(part, part_type_slot, part_text_slot) && same(type, R"("text")"))
    return append_text(at, inside(source(part, model::content_part, part_text_slot)));
  if (is_typed && from_->holds(part, thinking_slot) && same(type, R"("thinking")"))
    return join_thinking(at, part);
  begin_part(at, from_->source(part, merged_object(model::content_part)), open_part::none);
}

void assembly::begin_part(std::uint32_t at, view start, open_part open) {
  append(at, end_of(nodes_[at].open));
  if (nodes_[at].text.size != 0) append(at, ",");
  append(at, start);
  nodes_[at].open = open;
}

assembly::view assembly::end_of(open_part open) {
  constexpr view ends[] = {"", R"("})", R"("}]})", "]}"};
  return ends[static_cast<std::size_t>(open)];
}

// The next one in a list of thinking.
void assembly::begin_thought(std::uint32_t at) {
  if (nodes_[at].open == open_part::thinking) append(at, R"("})");
  nodes_[at].open = open_part::thinking_between;
  if (text_at(at).back() != '[') append(at, ",");
}

void assembly::join_thinking(std::uint32_t at, std::uint32_t part) {
  if (nodes_[at].open < open_part::thinking)
    begin_part(at, R"({"type":"thinking","thinking":[)", open_part::thinking_between);
  const std::uint32_t list = decoder::slot_word(part, thinking_slot);
  const std::uint32_t count = word(list + 1);
  bool plain = count != 0;  // all of it is text
  std::uint32_t item = word(list);
  for (std::uint32_t i = 0; i < count; ++i, item = word(item + 3)) {
    plain = plain && has_only(item, thinking_type_slot, thinking_text_slot) &&
            same(source(item, model::thinking_part, thinking_type_slot), R"("text")");
  }
  const view all = trim(inside(source(part, model::content_part, thinking_slot)));
  if (!plain && !all.empty()) {
    begin_thought(at);
    append(at, all);
  }
  item = word(list);
  for (std::uint32_t i = 0; plain && i < count; ++i, item = word(item + 3)) {
    if (nodes_[at].open != open_part::thinking) {
      begin_thought(at);
      append(at, text_start);
      nodes_[at].open = open_part::thinking;
    }
    append(at, inside(source(item, model::thinking_part, thinking_text_slot)));
  }
  if (!has_only(part, part_type_slot, thinking_slot)) end_thinking(at, part);
}

// What else a part has ends it: a signature, or that it is closed.
void assembly::end_thinking(std::uint32_t at, std::uint32_t part) {
  const view end = end_of(nodes_[at].open);
  append(at, {end.data(), end.size() - 1});
  nodes_[at].open = open_part::none;
  const models::table_object& schema = merged_object(model::content_part);
  const std::uint32_t others =
      (word(part) | word(part + 1)) & ~(1U << part_type_slot | 1U << thinking_slot);
  for (std::uint32_t slot = 0; slot < schema.count; ++slot) {
    if ((others >> slot & 1U) == 0) continue;
    append(at, ",\"");
    append(at, name_of(models::table_fields[schema.field + slot]));
    append(at, "\":");
    append(at, from_->source(part, schema, slot));
  }
  for (std::uint32_t entry = word(part + 2); entry != 0; entry = word(entry)) {
    if (word(entry + 1) != 0) continue;
    append(at, ",");
    append(at, from_->extra_source(entry));
  }
  append(at, "}");
}

// ---- Lists of items -----------------------------------------------------------------------------

// Items that are told apart by an index, and pieces of reasoning by their type as well.
void assembly::join_item(std::uint32_t list, std::uint32_t object, model of) {
  const bool is_detail = of == model::reasoning_detail;
  const double index = number(object, is_detail ? detail_index_slot : tool_index_slot);
  std::uint32_t at = is_detail ? find_detail(list, object, index) : find_item(list, index, {});
  if (at == 0) {
    at = make(list, element, form::object);
    nodes_[at].index = index;
  }
  const std::uint64_t before = held_;
  const bool has_text = is_detail && from_->holds(object, detail_text_slot);
  if (has_text)
    drop_repeated(find(at, detail_text_slot), inside(source(object, of, detail_text_slot)));
  join_object(at, object, of);
  if (has_text && held_ != before)
    tell(event_kind::reasoning, decoder::slot_word(object, detail_text_slot));
}

// MiniMax sends all of a piece's text each time, as it grows.
void assembly::drop_repeated(std::uint32_t at, view text) {
  constexpr std::uint32_t certain = 16;  // bytes; shorter text may repeat by chance
  if (at != 0 && nodes_[at].text.size >= certain && starts_with(text, text_at(at))) restart(at);
}

std::uint32_t assembly::find_item(std::uint32_t list, double index, view type) const {
  std::uint32_t tries = 1024;  // further ones are not looked for
  for (std::uint32_t at = nodes_[list].first; at != 0 && tries != 0; at = nodes_[at].next, --tries)
    if (nodes_[at].index == index && (type.empty() || has_text(at, detail_type_slot, type)))
      return at;
  return 0;
}

bool assembly::has_text(std::uint32_t in, std::uint32_t slot, view text) const {
  const std::uint32_t at = find(in, slot);
  return at != 0 && same(text_at(at), text);
}

std::uint32_t assembly::find_detail(std::uint32_t list, std::uint32_t object, double index) const {
  if (!from_->holds(object, detail_type_slot)) return 0;
  const view type = source(object, model::reasoning_detail, detail_type_slot);
  if (index == index) return find_item(list, index, type);
  // Without an index, texts and summaries go on with the last piece, if it is of the same kind.
  const std::uint32_t last = nodes_[list].last;
  if (last == 0 || (!same(type, R"("reasoning.text")") && !same(type, R"("reasoning.summary")")) ||
      nodes_[last].index == nodes_[last].index || !has_text(last, detail_type_slot, type))
    return 0;
  if (find(last, detail_id_slot) != 0 && from_->holds(object, detail_id_slot) &&
      !has_text(last, detail_id_slot, source(object, model::reasoning_detail, detail_id_slot)))
    return 0;
  return last;
}

}  // namespace chatwire::assembly
