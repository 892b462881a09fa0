// What a delta adds to the message of its choice.
#include "assembly/context.hpp"
#include "assembly/raw.hpp"
#include "assembly/rules.hpp"

namespace chatwire::assembly {
namespace {

constexpr std::uint32_t content_slot = merged::delta.find("content")->slot;
constexpr std::uint32_t refusal_slot = merged::delta.find("refusal")->slot;
constexpr std::uint32_t reasoning_slot = merged::delta.find("reasoning")->slot;
constexpr std::uint32_t reasoning_content_slot = merged::delta.find("reasoning_content")->slot;
constexpr std::uint32_t tool_calls_slot = merged::delta.find("tool_calls")->slot;
constexpr std::uint32_t function_call_slot = merged::delta.find("function_call")->slot;
constexpr std::uint32_t audio_slot = merged::delta.find("audio")->slot;
constexpr std::uint32_t reasoning_details_slot = merged::delta.find("reasoning_details")->slot;
constexpr std::uint32_t executed_tools_slot = merged::delta.find("executed_tools")->slot;
constexpr std::uint32_t expires_at_slot = merged::audio.find("expires_at")->slot;
constexpr std::uint32_t part_text_slot = merged::content_part.find("text")->slot;
constexpr std::uint32_t thinking_slot = merged::content_part.find("thinking")->slot;
constexpr std::uint32_t thinking_text_slot = merged::thinking_part.find("text")->slot;
constexpr std::uint32_t detail_type_slot = merged::reasoning_detail.find("type")->slot;
constexpr std::uint32_t detail_text_slot = merged::reasoning_detail.find("text")->slot;
constexpr std::uint32_t detail_id_slot = merged::reasoning_detail.find("id")->slot;
constexpr std::uint32_t detail_index_slot = merged::reasoning_detail.find("index")->slot;
constexpr std::uint32_t tool_index_slot = merged::executed_tool.find("index")->slot;
constexpr std::uint32_t call_index_slot = merged::tool_call_delta.find("index")->slot;
constexpr std::uint32_t call_id_slot = merged::tool_call_delta.find("id")->slot;
constexpr std::uint32_t call_type_slot = merged::tool_call_delta.find("type")->slot;
constexpr std::uint32_t call_function_slot = merged::tool_call_delta.find("function")->slot;
constexpr std::uint32_t call_custom_slot = merged::tool_call_delta.find("custom")->slot;
constexpr std::uint32_t name_slot = merged::tool_function.find("name")->slot;
constexpr std::uint32_t arguments_slot = merged::tool_function.find("arguments")->slot;
static_assert(name_slot == merged::custom_tool.find("name")->slot);
static_assert(arguments_slot == merged::custom_tool.find("input")->slot);

constexpr std::uint32_t most_items = 1024;

std::uint32_t child(const decoder& from, std::uint32_t object, std::uint32_t slot) {
  return from.words()[decoder::slot_word(object, slot)];
}

double number_in(const decoder& from, std::uint32_t object, std::uint32_t slot) {
  double number = 0;
  std::memcpy(&number, from.words() + decoder::slot_word(object, slot), sizeof number);
  return number;
}

}  // namespace

bool assembly::add_delta(context& at, std::uint32_t delta) {
  const decoder& from = at.from;
  choice& now = *at.now;
  now.has_delta = true;
  if (!members_.add(now.message, from, delta, merged_object(models::model::delta), delta_rules))
    return fail_memory(at);
  if (!add_content(at, delta)) return false;
  if (!add_text(at, delta, refusal_slot, event_kind::refusal)) return false;
  // Some servers send one reasoning under several names: each is kept, one is told.
  const std::size_t told = events_.size();
  if (!add_text(at, delta, reasoning_slot, event_kind::reasoning)) return false;
  const bool tells = at.options.events;
  const assembly_options silent{false, at.options.cumulative, at.options.strict};
  context quiet{at.from, at.most, silent, at.root, at.where, at.now, {}, at.choice_source};
  context& rest = tells && events_.size() != told ? quiet : at;
  if (!add_text(rest, delta, reasoning_content_slot, event_kind::reasoning)) return false;
  if (!add_tool_calls(at, delta)) return false;
  if (from.holds(delta, function_call_slot) &&
      !members_.add(now.function_call, from, child(from, delta, function_call_slot),
                    merged_object(models::model::function_call), function_call_rules))
    return fail_memory(at);
  if (from.holds(delta, audio_slot)) {
    const std::uint32_t audio = child(from, delta, audio_slot);
    if (!members_.add(now.audio, from, audio, merged_object(models::model::audio), audio_rules))
      return fail_memory(at);
    if (from.holds(audio, expires_at_slot)) now.is_over = true;
  }
  context& details = tells && events_.size() != told ? quiet : at;
  return add_items(details, now.reasoning_details, delta, reasoning_details_slot) &&
         add_items(at, now.executed_tools, delta, executed_tools_slot);
}

bool assembly::add_content(context& at, std::uint32_t delta) {
  const decoder& from = at.from;
  choice& now = *at.now;
  const std::uint32_t cell = decoder::slot_word(delta, content_slot);
  if (!from.holds(delta, content_slot)) {
    if ((from.words()[delta] & from.words()[delta + 1]) >> content_slot & 1U) now.text.add_null();
    return true;
  }
  const std::uint64_t before = now.text.held();
  if (from.cell_at(cell).kind() != tape::text_kind::parts) {
    const std::string_view source =
        from.source(delta, merged_object(models::model::delta), content_slot);
    const std::string_view whole = clean(at, inside(source));
    bool restarts = false;
    const std::string_view text =
        at.options.cumulative
            ? without_repetition(at, now.text_repetition, now.text.text(), whole, source, restarts)
            : whole;
    if (restarts) now.text.forget();
    if (!now.text.add_text(text)) return fail_memory(at);
    if (!at.options.cumulative || !now.text.has_text()) {
      if (!text.empty()) tell(at, event_kind::text, cell);
    } else {
      tell_new(at, event_kind::text, now.text_repetition, now.text.text());
    }
    held_ = held_ + now.text.held() - before;
    return true;
  }
  const models::table_object& schema = merged_object(models::model::content_part);
  std::uint32_t part = from.words()[cell];
  for (std::uint32_t left = from.cell_at(cell).length(); left != 0; --left) {
    const std::uint32_t next = from.words()[part + 3];
    if (!now.text.add_part(from, part, from.source(part, schema))) return fail_memory(at);
    if (from.holds(part, part_text_slot))
      tell(at, event_kind::text, decoder::slot_word(part, part_text_slot));
    if (from.holds(part, thinking_slot)) {
      const std::uint32_t list = decoder::slot_word(part, thinking_slot);
      std::uint32_t inner = from.words()[list];
      for (std::uint32_t i = from.words()[list + 1]; i != 0; --i, inner = from.words()[inner + 3])
        if (from.holds(inner, thinking_text_slot))
          tell(at, event_kind::reasoning, decoder::slot_word(inner, thinking_text_slot));
    }
    part = next;
  }
  held_ = held_ + now.text.held() - before;
  return true;
}

bool assembly::add_text(context& at, std::uint32_t delta, std::uint32_t slot, event_kind kind) {
  const decoder& from = at.from;
  choice& now = *at.now;
  if (((from.words()[delta] | from.words()[delta + 1]) >> slot & 1U) == 0) return true;
  const std::string_view source = from.source(delta, merged_object(models::model::delta), slot);
  if (!at.options.cumulative || kind != event_kind::reasoning || !is_text(source)) {
    if (!members_.add(now.message, slot, join::text, clean(at, source))) return fail_memory(at);
    if (!is_empty(source)) tell(at, kind, decoder::slot_word(delta, slot));
    return true;
  }
  repetition& state =
      slot == reasoning_slot ? now.reasoning_repetition : now.reasoning_content_repetition;
  const std::uint32_t known = members_.find(now.message, slot);
  bool restarts = false;
  const std::string_view all = known == 0 ? std::string_view() : members_[known].value.view();
  const std::string_view text =
      without_repetition(at, state, all, inside(clean(at, source)), source, restarts);
  if (restarts) members_.restart(known);
  if (!members_.add_text(now.message, slot, text)) return fail_memory(at);
  tell_new(at, kind, state, members_[members_.find(now.message, slot)].value.view());
  return true;
}

// Deltas that repeat all that came before them: once two in a row did, and there was something to
// repeat, the rest of each is what counts. `all` is what came before; with `restarts` it is to be
// forgotten.
std::string_view assembly::without_repetition(context& at, repetition& state, std::string_view all,
                                              std::string_view text, std::string_view source,
                                              bool& restarts) {
  if (state.is_certain) {
    if (text.substr(0, all.size()) == all) text.remove_prefix(all.size());
    return text;
  }
  if (text.empty()) return text;
  if (state.last > all.size()) state = {};  // the content became a list of parts
  // What came last is the end of all that came. Does this text begin with it?
  const std::string_view last = all.substr(all.size() - state.last);
  const bool repeats =
      text.size() > last.size() && !last.empty() && text.substr(0, last.size()) == last;
  state.count = repeats ? state.count + 1 : 0;
  state.last = static_cast<std::uint32_t>(text.size());
  if (state.count < 2 || text.size() < 5) return text;
  state.is_certain = true;
  const place delta{at.where, "delta"};
  at.report(issue_code::CUMULATIVE_DELTAS, delta, source);
  restarts = true;
  return text;
}

bool assembly::add_tool_calls(context& at, std::uint32_t delta) {
  const decoder& from = at.from;
  if (!from.holds(delta, tool_calls_slot)) return true;
  const std::uint32_t slot = decoder::slot_word(delta, tool_calls_slot);
  std::uint32_t object = from.words()[slot];
  const std::uint32_t count = from.words()[slot + 1];
  tools_.begin_array();
  for (std::uint32_t position = 0; position < count; ++position) {
    const std::uint32_t next = from.words()[object + 3];
    if (!add_tool_call(at, object, position)) return false;
    object = next;
  }
  return true;
}

bool assembly::add_tool_call(context& at, std::uint32_t object, std::uint32_t position) {
  const decoder& from = at.from;
  const models::table_object& schema = merged_object(models::model::tool_call_delta);
  const auto text_in = [&](std::uint32_t of, const models::table_object& model,
                           std::uint32_t slot) {
    if (!from.holds(of, slot)) return std::string_view();
    const std::string_view source = from.source(of, model, slot);
    return is_text(source) ? inside(source) : std::string_view();
  };
  tool_fragment fragment;
  fragment.position = position;
  fragment.has_index = from.holds(object, call_index_slot);
  if (fragment.has_index) fragment.index = number_in(from, object, call_index_slot);
  fragment.id = text_in(object, schema, call_id_slot);
  fragment.type = text_in(object, schema, call_type_slot);
  fragment.is_custom = from.holds(object, call_custom_slot);
  const std::uint32_t function_slot = fragment.is_custom ? call_custom_slot : call_function_slot;
  const models::table_object& function_schema =
      merged_object(fragment.is_custom ? models::model::custom_tool : models::model::tool_function);
  std::uint32_t function = 0;
  std::uint32_t arguments_word = 0;
  if (from.holds(object, function_slot)) {
    function = child(from, object, function_slot);
    fragment.name = text_in(function, function_schema, name_slot);
    if (from.holds(function, arguments_slot)) {
      const std::string_view source = from.source(function, function_schema, arguments_slot);
      arguments_word = decoder::slot_word(function, arguments_slot);
      // JSON where a string of JSON belongs.
      fragment.arguments = is_text(source) ? clean(at, inside(source)) : escape_json(source);
    }
  }
  choice& now = *at.now;
  const placed made = tools_.add(now.tools, fragment);
  const place delta{at.where, "delta"};
  const place calls{&delta, "tool_calls"};
  const place where{&calls, {}, position};
  const std::string_view here = from.source(object, schema);
  for (std::uint32_t i = 0; i < made.issue_count; ++i) {
    if (made.issues[i] == issue_code::AMBIGUOUS_TOOL_CALL) {
      at.report_ambiguous(made.issues[i], where, here);
    } else {
      at.report(made.issues[i], where, here);
    }
  }
  if (made.call == 0) return fail_memory(at);
  if (now.tools.count > at.most.tool_calls) return at.fail_limit(where, "toolCalls", here);
  tool_call& call = tools_[made.call];
  if (made.is_new) call.made_up_id = make_id(fragment, at.place_of(here));
  if (!members_.add(call.members, from, object, schema, tool_call_rules) ||
      (function != 0 &&
       !members_.add(call.function_members, from, function, function_schema, tool_function_rules)))
    return fail_memory(at);
  if (at.options.events) tell_tool_call(at, made, arguments_word);
  return true;
}

// The same stream gives the same id, and two calls never share one. `place` is where the call
// begins in the stream.
std::uint64_t assembly::make_id(const tool_fragment& fragment, std::uint64_t place) const {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  const auto mix = [&hash](std::string_view text) {
    for (const char byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3U;
  };
  for (std::uint32_t at = top_.first; at != 0; at = members_[at].next)
    if (members_[at].how == join::first) mix(members_[at].value.view());
  mix(fragment.name);
  mix(fragment.arguments);
  return hash ^ place * 0x9E3779B97F4A7C15U;
}

// JSON as the inside of a string, without its white space.
std::string_view assembly::escape_json(std::string_view json) {
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(json.size()) * 2)) return {};
  std::uint32_t size = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char byte = json[i];
    if (!in_string && is_space(byte)) continue;
    if (byte == '"') in_string = !in_string;
    if (byte == '"' || byte == '\\') scratch_[size++] = '\\';
    scratch_[size++] = static_cast<std::uint8_t>(byte);
    if (byte != '\\') continue;
    const char escaped = json[++i];
    if (escaped == '"' || escaped == '\\') scratch_[size++] = '\\';
    scratch_[size++] = static_cast<std::uint8_t>(escaped);
  }
  return {reinterpret_cast<const char*>(scratch_.data()), size};
}

// ---- Lists of items -----------------------------------------------------------------------------

// Items that are told apart by an index, and pieces of reasoning by their type as well.
bool assembly::add_items(context& at, item_list& to, std::uint32_t delta, std::uint32_t slot) {
  const decoder& from = at.from;
  if (!from.holds(delta, slot)) return true;
  const bool details = slot == reasoning_details_slot;
  const models::table_object& schema =
      merged_object(details ? models::model::reasoning_detail : models::model::executed_tool);
  const std::uint32_t index_slot = details ? detail_index_slot : tool_index_slot;
  const std::uint32_t word = decoder::slot_word(delta, slot);
  std::uint32_t object = from.words()[word];
  for (std::uint32_t left = from.words()[word + 1]; left != 0; --left) {
    const bool has_index = from.holds(object, index_slot);
    const double index = has_index ? number_in(from, object, index_slot) : 0;
    item* into = details ? find_detail(at, to, object, has_index, index)
                         : find_item(to, has_index, index, {});
    if (into == nullptr) {
      into = make_item(to);
      if (into == nullptr) return fail_memory(at);
      into->has_index = has_index;
      into->index = index;
    }
    const std::uint64_t before = members_.held();
    if (details) drop_repeated_detail(at, *into, object);
    if (!members_.add(into->members, from, object, schema,
                      details ? reasoning_detail_rules : executed_tool_rules))
      return fail_memory(at);
    if (details && members_.held() != before && from.holds(object, detail_text_slot))
      tell(at, event_kind::reasoning, decoder::slot_word(object, detail_text_slot));
    object = from.words()[object + 3];
  }
  return true;
}

item* assembly::make_item(item_list& in) {
  if (items_.size() == 0 && !items_.push({})) return nullptr;
  if (!items_.push({})) return nullptr;
  const std::uint32_t made = items_.size() - 1;
  (in.first == 0 ? in.first : items_[in.last].next) = made;
  in.last = made;
  ++in.count;
  return &items_[made];
}

item* assembly::find_item(const item_list& in, bool has_index, double index,
                          std::string_view type) {
  // Among so many, none is looked for any more.
  if (!has_index || in.count > most_items) return nullptr;
  for (std::uint32_t at = in.first; at != 0; at = items_[at].next) {
    if (!items_[at].has_index || items_[at].index != index) continue;
    if (type.empty()) return &items_[at];
    const std::uint32_t known = members_.find(items_[at].members, detail_type_slot);
    if (known != 0 && members_[known].value.view() == type) return &items_[at];
  }
  return nullptr;
}

item* assembly::find_detail(const context& at, const item_list& in, std::uint32_t object,
                            bool has_index, double index) {
  const models::table_object& schema = merged_object(models::model::reasoning_detail);
  if (!at.from.holds(object, detail_type_slot)) return nullptr;
  const std::string_view type = at.from.source(object, schema, detail_type_slot);
  if (has_index) return find_item(in, true, index, type);
  // Without an index, texts and summaries go on with the last piece, if it is of the same kind.
  if (in.last == 0 || (type != R"("reasoning.text")" && type != R"("reasoning.summary")"))
    return nullptr;
  item& last = items_[in.last];
  const std::uint32_t known = members_.find(last.members, detail_type_slot);
  if (last.has_index || known == 0 || members_[known].value.view() != type) return nullptr;
  const std::uint32_t id = members_.find(last.members, detail_id_slot);
  if (id != 0 && at.from.holds(object, detail_id_slot) &&
      members_[id].value.view() != at.from.source(object, schema, detail_id_slot))
    return nullptr;
  return &last;
}

// MiniMax sends all of a piece's text each time, as it grows.
void assembly::drop_repeated_detail(context& at, const item& of, std::uint32_t object) {
  constexpr std::uint32_t certain = 16;  // bytes; shorter text may repeat by chance
  const std::uint32_t known = members_.find(of.members, detail_text_slot);
  if (known == 0 || !at.from.holds(object, detail_text_slot)) return;
  const std::string_view text = inside(
      at.from.source(object, merged_object(models::model::reasoning_detail), detail_text_slot));
  const std::string_view before = members_[known].value.view();
  if (before.size() < certain || text.substr(0, before.size()) != before) return;
  members_.restart(known);
}

}  // namespace chatwire::assembly
