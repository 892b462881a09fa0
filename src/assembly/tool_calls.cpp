// Tool calls in fragments: which call a fragment is of, and what it adds to it. Servers agree on
// little here: indices are missing, always 0 or of something else; ids are empty, repeated or new
// each time; names are split or sent again; arguments begin with a placeholder or come twice.
#include "assembly/assembly.hpp"

namespace chatwire::assembly {
namespace {

using models::model;

constexpr std::uint32_t index_slot = slot_of(merged::tool_call_delta, "index");
constexpr std::uint32_t id_slot = slot_of(merged::tool_call_delta, "id");
constexpr std::uint32_t type_slot = slot_of(merged::tool_call_delta, "type");
constexpr std::uint32_t function_slot = slot_of(merged::tool_call_delta, "function");
constexpr std::uint32_t custom_slot = slot_of(merged::tool_call_delta, "custom");
constexpr std::uint32_t name_slot = slot_of(merged::tool_function, "name");
constexpr std::uint32_t arguments_slot = slot_of(merged::tool_function, "arguments");
static_assert(name_slot == slot_of(merged::custom_tool, "name"));
static_assert(arguments_slot == slot_of(merged::custom_tool, "input"));
// The members of a chunk that are the same in all of a stream come first.
constexpr std::uint32_t last_of_stream = slot_of(merged::chat_completion_chunk, "model");
static_assert(last_of_stream == 3);

}  // namespace

/// The inside of a string; empty where there is none.
assembly::view assembly::text_in(std::uint32_t object, model of, std::uint32_t slot) const {
  if (!from_->holds(object, slot)) return {};  // nothing is known of where it stands
  const view value = source(object, of, slot);
  return kind_of(value) == '"' ? inside(value) : view();
}

void assembly::join_tool_call(std::uint32_t list, std::uint32_t object, std::uint32_t position) {
  fragment now{number(object, index_slot), position,
               from_->source(object, merged_object(model::tool_call_delta))};
  now.id = text_in(object, model::tool_call_delta, id_slot);
  const bool is_custom = from_->holds(object, custom_slot);
  const std::uint32_t slot = is_custom ? custom_slot : function_slot;
  const model of = is_custom ? model::custom_tool : model::tool_function;
  std::uint32_t function = 0;
  std::uint32_t at_word = 0;
  if (from_->holds(object, slot)) {
    function = child(object, slot);
    now.name = text_in(function, of, name_slot);
    if (from_->holds(function, arguments_slot)) {
      const view json = source(function, of, arguments_slot);
      at_word = decoder::slot_word(function, arguments_slot);
      // JSON where a string of JSON belongs.
      now.arguments = kind_of(json) == '"' ? clean(inside(json)) : escape_json(json);
    }
  }
  std::uint32_t call = find_call(list, now);
  if (call == 0) call = make_call(list, now);
  if (failed_) return;
  nodes_[call].array = arrays_;
  if (is_custom) nodes_[call + function_node].slot = custom_slot;
  join_id(call + id_node, now);
  const view type = text_in(object, model::tool_call_delta, type_slot);
  if (!type.empty() && find(call, type_slot) == 0) append_text(make(call, type_slot), type);
  const bool is_renamed = join_name(call, now);
  const std::uint32_t added = join_arguments(call + arguments_node, now);
  join_object(call, object, model::tool_call_delta);
  if (function != 0) join_object(call + function_node, function, of);
  tell_call(call, position_of(list, call), added, at_word, is_renamed, false);
}

std::uint32_t assembly::position_of(std::uint32_t list, std::uint32_t call) const {
  std::uint32_t position = 0;
  for (std::uint32_t at = nodes_[list].first; at != call; at = nodes_[at].next) ++position;
  return position;
}

std::uint32_t assembly::make_call(std::uint32_t list, const fragment& of) {
  if (!nodes_.room(1 + arguments_node)) fail(*where_, "memory", source_);
  if (failed_) return 0;
  const std::uint32_t call = make(list, element, form::object);
  nodes_[call].index = of.index;
  make(call, id_slot, form::text);
  const std::uint32_t function = make(call, function_slot, form::object);
  make(function, name_slot, form::none);
  become(make(function, arguments_slot), form::text);
  if (of.id.empty()) make_id(call + id_node, of);
  if (position_of(list, call) >= most_->tool_calls) report_call(issue_code::LIMIT, of);
  return call;
}

// An id for a call that has come without one: the same stream gives the same, and two calls never
// share one.
void assembly::make_id(std::uint32_t at, const fragment& of) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  const auto mix = [&hash](view text) {
    for (const char byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3U;
  };
  for (std::uint32_t one = nodes_[top].first; one != 0; one = nodes_[one].next)
    if (nodes_[one].slot <= last_of_stream) mix(text_at(one));
  mix(of.name);
  mix(of.arguments);
  hash ^= (from_->base() + offset_of(of.source)) * 0x9E3779B97F4A7C15U;
  char id[5 + 16] = {'c', 'a', 'l', 'l', '_'};
  for (std::size_t i = 5; i < sizeof id; ++i, hash >>= 4U) id[i] = "0123456789abcdef"[hash & 15U];
  append(at, {id, sizeof id});
}

// ---- Which call it is ---------------------------------------------------------------------------

bool assembly::has_id(std::uint32_t call, view id) const {
  return !id.empty() && nodes_[call + id_node].said && same(text_at(call + id_node), id);
}

std::uint32_t assembly::find_call_by_id(std::uint32_t list, view id) const {
  std::uint32_t at = id.empty() ? 0 : nodes_[list].first;
  while (at != 0 && !has_id(at, id)) at = nodes_[at].next;
  return at;
}

std::uint32_t assembly::find_last_call(std::uint32_t list, double index) const {
  // It mostly is the last of all.
  const std::uint32_t last = nodes_[list].last;
  if (last != 0 && nodes_[last].index == index) return last;
  std::uint32_t found = 0;
  for (std::uint32_t at = nodes_[list].first; at != 0; at = nodes_[at].next)
    if (nodes_[at].index == index) found = at;
  return found;
}

std::uint32_t assembly::find_call(std::uint32_t list, const fragment& of) {
  const std::uint32_t found = find_known_call(list, of);
  if (found == 0 || nodes_[found].array != arrays_) return found;
  // Elements of one array are different calls, unless they say that they are one.
  if ((of.name.empty() && !begins_json(of.arguments)) || has_id(found, of.id)) return found;
  report_call(
      of.index == of.index ? issue_code::TOOL_CALL_INDEX_REUSED : issue_code::AMBIGUOUS_TOOL_CALL,
      of);
  return 0;
}

std::uint32_t assembly::find_known_call(std::uint32_t list, const fragment& of) {
  const std::uint32_t last = nodes_[list].last;
  const bool has_index = of.index == of.index;
  const std::uint32_t found = has_index ? find_last_call(list, of.index) : last;
  // An id that is known tells more than an index that several calls share.
  const std::uint32_t known =
      has_index && has_id(found, of.id) ? found : find_call_by_id(list, of.id);
  if (known != 0 && known != found) return known;
  if (found == 0) {
    // The rest of a call whose beginning never came.
    if (!has_index && of.id.empty() && of.name.empty())
      report_call(issue_code::AMBIGUOUS_TOOL_CALL, of);
    return 0;
  }
  if (!has_index && !of.id.empty()) return known != 0 || goes_on(last, of) ? last : 0;
  return begins_another(found, of) ? 0 : found;
}

// A new id is a new call, unless it is plainly the rest of the one before, whose id changes.
bool assembly::goes_on(std::uint32_t call, const fragment& of) {
  const std::uint32_t arguments = call + arguments_node;
  if (is_whole(arguments)) return false;
  if (of.name.empty() && of.position == 0 && nodes_[arguments].text.size != 0 &&
      !begins_json(of.arguments))
    return true;
  return !nodes_[call + id_node].said && same(text_at(call + name_node), of.name);
}

// Whether a fragment that seems to go on with a call is the beginning of another one.
bool assembly::begins_another(std::uint32_t call, const fragment& of) {
  const std::uint32_t at = call + arguments_node;
  const view name = text_at(call + name_node);
  const view known = text_at(at);
  const bool starts = begins_json(of.arguments);
  const bool is_named = !of.name.empty();
  const bool other_name = is_named && !name.empty() && !same(name, of.name);
  issue_code why = issue_code::TOOL_CALL_INDEX_REUSED;
  if (!of.id.empty() && nodes_[call + id_node].said && !has_id(call, of.id)) {
    const bool names = is_named && (of.arguments.empty() || starts);
    // With the arguments of the first one still open, only a fragment that begins its own is new.
    const bool another =
        is_whole(at) ? names || starts : names && (known.empty() || starts || other_name);
    if (!another) return false;
  } else {
    if (!is_whole(at)) return false;
    if (!starts) {
      if (!other_name || !of.arguments.empty()) return false;
    } else if (has_id(call, of.id) ||
               (!other_name && (is_same_json(of.arguments, known) || is_placeholder(known)))) {
      return false;  // the same arguments once more, or the real ones after a placeholder
    }
    if (!is_named) why = issue_code::AMBIGUOUS_TOOL_CALL;
  }
  if (why == issue_code::AMBIGUOUS_TOOL_CALL || of.index == of.index) report_call(why, of);
  return true;
}

bool assembly::is_whole(std::uint32_t arguments) {
  nodes_[arguments].progress.look(text_at(arguments));
  return nodes_[arguments].progress.is_whole();
}

// ---- What it adds -------------------------------------------------------------------------------

void assembly::join_id(std::uint32_t at, const fragment& of) {
  if (of.id.empty()) return;
  if (nodes_[at].said) {
    if (!same(text_at(at), of.id)) report_call(issue_code::TOOL_CALL_ID_CHANGED, of);
    return;
  }
  nodes_[at].said = true;
  assign(at, of.id);
}

// Returns whether the call has another name now.
bool assembly::join_name(std::uint32_t call, const fragment& of) {
  const std::uint32_t at = call + name_node;
  const view known = text_at(at);
  const view arguments = text_at(call + arguments_node);
  if (of.name.empty() || same(known, of.name)) return false;  // sent again
  view more = of.name;
  if (!known.empty()) {
    if (!arguments.empty() && !is_placeholder(arguments)) {
      report_call(issue_code::TOOL_CALL_NAME_CHANGED, of);
      return false;
    }
    // It was split; or what came was its beginning, and comes again as a whole.
    if (starts_with(more, known)) more.remove_prefix(known.size());
  }
  append_text(at, more);
  return true;
}

// Returns how much it adds.
std::uint32_t assembly::join_arguments(std::uint32_t at, const fragment& of) {
  const view known = text_at(at);
  if (!known.empty() && begins_json(of.arguments)) {
    const bool is_complete = is_whole(at);
    if (is_complete && is_same_json(of.arguments, known)) {
      report_call(issue_code::ARGUMENTS_RESENT, of);
      return 0;
    }
    // A placeholder; or others for the same call, of which the last ones count.
    const bool is_vain = is_placeholder(known);
    if (is_vain || is_complete) {
      report_call(is_vain ? issue_code::ARGUMENTS_PLACEHOLDER : issue_code::AMBIGUOUS_TOOL_CALL,
                  of);
      restart(at);
      nodes_[at].told = 0;
      nodes_[at].progress.reset();
    }
  }
  append(at, of.arguments);
  return static_cast<std::uint32_t>(of.arguments.size());
}

void assembly::report_call(issue_code code, const fragment& of) {
  const place delta{where_, "delta"};
  const place calls{&delta, "tool_calls"};
  const place where{&calls, {}, of.position};
  if (code == issue_code::LIMIT) return fail(where, "toolCalls", of.source);
  const bool fails = code == issue_code::AMBIGUOUS_TOOL_CALL && options_.strict;
  report(code, fails ? severity::error : severity::warning, where, of.source, nullptr);
}

// JSON as the inside of a string, without its white space.
assembly::view assembly::escape_json(view json) {
  scratch_.clear();
  if (!scratch_.room(static_cast<std::uint32_t>(json.size()) * 2)) {
    fail(*where_, "memory", source_);
    return {};
  }
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

}  // namespace chatwire::assembly
