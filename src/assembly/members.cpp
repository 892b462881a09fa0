#include "assembly/members.hpp"

#include <new>

#include "assembly/raw.hpp"

namespace chatwire::assembly {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// What unknown members are pieces of is told by their names, since servers also repeat words.
bool is_piece_of_text(std::string_view name) {
  for (const std::string_view end : {"text", "content", "thinking", "reasoning", "summary",
                                     "transcript", "arguments", "refusal"})
    if (ends_with(name, end)) return true;
  return false;
}

join join_unknown(std::string_view name, std::string_view value, bool pieces) {
  if (is_array(value) && (pieces || name == "token_ids")) return join::list;
  if (is_text(value) && pieces && is_piece_of_text(name)) return join::text;
  return join::last;
}

}  // namespace

void member_store::clear() {
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    members_[i].value.release();
    members_[i].name.release();
  }
  members_.shrink(0);
  held_ = 0;
}

bool member_store::append(piece& to, std::string_view more) {
  held_ += more.size();
  return to.append(more);
}

bool member_store::assign(piece& to, std::string_view value) {
  held_ += value.size();
  held_ -= to.size;
  return to.assign(value);
}

std::uint32_t member_store::make(member_list& to, join how) {
  if (members_.size() == 0 && !members_.push({})) return 0;
  member made;
  made.how = how;
  if (!members_.push(made)) return 0;
  const std::uint32_t at = members_.size() - 1;
  (to.first == 0 ? to.first : members_[to.last].next) = at;
  to.last = at;
  return at;
}

std::uint32_t member_store::find(const member_list& in, std::uint32_t slot) const {
  for (std::uint32_t at = in.first; at != 0; at = members_[at].next)
    if (members_[at].slot == slot) return at;
  return 0;
}

// A name that is far down a long list is added again: the last of equal names counts in JSON.
std::uint32_t member_store::find(const member_list& in, std::string_view name) const {
  std::uint32_t tries = 256;
  for (std::uint32_t at = in.first; at != 0 && tries != 0; at = members_[at].next, --tries)
    if (members_[at].slot == member::unknown_slot && members_[at].name.view() == name) return at;
  return 0;
}

bool member_store::add(member_list& to, const decoder& from, std::uint32_t object,
                       const models::table_object& schema, const join_rules& rules) {
  const std::uint32_t there = from.words()[object] | from.words()[object + 1];
  for (std::uint32_t slot = 0; slot < schema.count; ++slot) {
    if ((there >> slot & 1U) == 0) continue;
    if (rules.of[slot] == join::ignore || rules.of[slot] == join::other) continue;
    if (!add(to, slot, rules.of[slot], from.source(object, schema, slot))) return false;
  }
  for (std::uint32_t entry = from.words()[object + 2]; entry != 0; entry = from.words()[entry]) {
    const std::uint32_t original = from.words()[entry + 1];
    if (original == 0) {
      if (!add_unknown(to, from.extra_source(entry), rules.unknown_pieces)) return false;
    } else if (original <= schema.count && (there >> (original - 1) & 1U) == 0) {
      // A known member whose value does not fit: it counts where nothing else comes.
      const std::uint32_t slot = original - 1;
      const std::uint32_t known = find(to, slot);
      if (rules.of[slot] == join::ignore || rules.of[slot] == join::other ||
          (known != 0 && members_[known].said))
        continue;
      if (!add(to, slot, join::last, from.source(object, schema, slot))) return false;
      members_[find(to, slot)].said = false;
    }
  }
  return true;
}

bool member_store::add(member_list& to, std::uint32_t slot, join how, std::string_view value) {
  std::uint32_t at = find(to, slot);
  if (at == 0) {
    at = make(to, how);
    if (at == 0) return false;
    members_[at].slot = static_cast<std::uint8_t>(slot);
  }
  return join_value(members_[at], value);
}

bool member_store::add_text(member_list& to, std::uint32_t slot, std::string_view text) {
  if (!add(to, slot, join::text, R"("")")) return false;
  return append(members_[find(to, slot)].value, text);
}

bool member_store::add_unknown(member_list& to, std::string_view source, bool pieces) {
  std::size_t quote = 1;
  while (source[quote] != '"') quote += source[quote] == '\\' ? 2 : 1;
  const std::string_view name = source.substr(1, quote - 1);
  std::string_view value = trim(source.substr(quote + 1));
  value = trim(value.substr(1));  // the colon
  std::uint32_t at = find(to, name);
  if (at == 0) {
    at = make(to, join_unknown(name, value, pieces));
    if (at == 0 || !assign(members_[at].name, name)) return false;
  } else if (!members_[at].said) {
    members_[at].how = join_unknown(name, value, pieces);
  }
  return join_value(members_[at], value);
}

bool member_store::join_value(member& to, std::string_view value) {
  // A time of 0 is none (Azure).
  const bool says = !is_empty(value) && (to.how != join::first || value != "0");
  const bool is_new = to.value.size == 0 && !to.said;
  if (to.how == join::text && (is_text(value) || is_null(value))) {
    if (!is_text(value)) return true;
    to.said = true;  // "" is a text
    return append(to.value, inside(value));
  }
  if (to.how == join::list && (is_array(value) || is_null(value))) {
    if (!is_array(value)) return true;
    to.said = true;
    const std::string_view elements = trim(inside(value));
    if (elements.empty()) return true;
    return (to.value.size == 0 || append(to.value, ",")) && append(to.value, elements);
  }
  if (to.how == join::text || to.how == join::list) {
    if (to.said) return true;  // of another type than all that came before
    to.how = join::last;
  }
  if (!is_new && (!says || (to.how == join::first && to.said))) return true;
  to.said = to.said || says;
  return assign(to.value, value);
}

}  // namespace chatwire::assembly
