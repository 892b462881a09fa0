#include "assembly/tool_calls.hpp"

namespace chatwire::assembly {
namespace {

bool begins_json(std::string_view arguments) {
  const char first = first_character(arguments);
  return first == '{' || first == '[';
}

// What some servers send before they know the arguments.
bool is_placeholder(std::string_view arguments) { return arguments == "{}" || arguments == "null"; }

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

}  // namespace

void tool_store::clear() {
  for (std::uint32_t i = 0; i < calls_.size(); ++i) {
    calls_[i].id.release();
    calls_[i].type.release();
    calls_[i].name.release();
    calls_[i].arguments.release();
  }
  calls_.shrink(0);
  held_ = 0;
}

std::uint32_t tool_store::at(const tool_list& in, std::uint32_t position) const {
  std::uint32_t call = in.first;
  while (call != 0 && position-- != 0) call = calls_[call].next;
  return call;
}

std::uint32_t tool_store::make(tool_list& to) {
  if (calls_.size() == 0 && !calls_.push({})) return 0;
  if (!calls_.push({})) return 0;
  const std::uint32_t at = calls_.size() - 1;
  (to.first == 0 ? to.first : calls_[to.last].next) = at;
  to.last = at;
  ++to.count;
  return at;
}

bool tool_store::is_whole(tool_call& call) {
  call.progress.look(call.arguments.view());
  return call.progress.is_whole();
}

placed tool_store::add(tool_list& to, const tool_fragment& fragment) {
  placed made;
  made.call = find(to, fragment, made);
  if (made.call == 0) {
    made.call = make(to);
    if (made.call == 0) return made;
    made.is_new = true;
    calls_[made.call].has_index = fragment.has_index;
    calls_[made.call].index = fragment.index;
  }
  tool_call& call = calls_[made.call];
  call.array = array_;
  call.is_custom = call.is_custom || fragment.is_custom;
  if (!fragment.id.empty() && call.id.view() != fragment.id) {
    if (call.id.size != 0) {
      made.report(issue_code::TOOL_CALL_ID_CHANGED);
    } else if (!append(call.id, fragment.id)) {
      made.call = 0;
    }
  }
  if (!fragment.type.empty() && call.type.size == 0 && !append(call.type, fragment.type))
    made.call = 0;
  if (!fragment.name.empty() && !add_name(call, fragment.name, made)) made.call = 0;
  if (!fragment.arguments.empty() && !add_arguments(call, fragment.arguments, made)) made.call = 0;
  return made;
}

std::uint32_t tool_store::find(const tool_list& in, const tool_fragment& fragment, placed& made) {
  const std::uint32_t found = fragment.has_index ? find_by_index(in, fragment, made)
                                                 : find_without_index(in, fragment, made);
  if (found == 0 || calls_[found].array != array_) return found;
  // Elements of one array are different calls, unless they say that they are one.
  const tool_call& call = calls_[found];
  const bool begins = !fragment.name.empty() || begins_json(fragment.arguments);
  if (!begins || (!fragment.id.empty() && call.id.view() == fragment.id)) return found;
  if (made.issue_count == 0)
    made.report(fragment.has_index ? issue_code::TOOL_CALL_INDEX_REUSED
                                   : issue_code::AMBIGUOUS_TOOL_CALL);
  return 0;
}

std::uint32_t tool_store::find_id(const tool_list& in, std::string_view id) const {
  std::uint32_t at = in.first;
  while (at != 0 && calls_[at].id.view() != id) at = calls_[at].next;
  return at;
}

std::uint32_t tool_store::find_last(const tool_list& in, double index) const {
  // It mostly is the last of all.
  if (in.last != 0 && calls_[in.last].has_index && calls_[in.last].index == index) return in.last;
  std::uint32_t found = 0;
  for (std::uint32_t at = in.first; at != 0; at = calls_[at].next)
    if (calls_[at].has_index && calls_[at].index == index) found = at;
  return found;
}

// The last call with this index, unless the fragment begins another one under it.
std::uint32_t tool_store::find_by_index(const tool_list& in, const tool_fragment& fragment,
                                        placed& made) {
  const std::uint32_t found = find_last(in, fragment.index);
  // An id that is known tells more than an index that several calls share.
  if (!fragment.id.empty() && (found == 0 || calls_[found].id.view() != fragment.id)) {
    const std::uint32_t known = find_id(in, fragment.id);
    if (known != 0) return known;
  }
  if (found == 0 || !begins_another(calls_[found], fragment, made)) return found;
  return 0;
}

std::uint32_t tool_store::find_without_index(const tool_list& in, const tool_fragment& fragment,
                                             placed& made) {
  if (in.last == 0) {
    // The rest of a call whose beginning never came.
    if (fragment.id.empty() && fragment.name.empty()) made.report(issue_code::AMBIGUOUS_TOOL_CALL);
    return 0;
  }
  if (!fragment.id.empty()) {
    const std::uint32_t known = find_id(in, fragment.id);
    if (known != 0) return known;
    tool_call& last = calls_[in.last];
    // A new id is a new call, unless it is plainly the rest of the one before, whose id changes.
    const bool goes_on = fragment.name.empty() && fragment.position == 0 &&
                         last.arguments.size != 0 && !begins_json(fragment.arguments) &&
                         !is_whole(last);
    const bool late_id = last.id.size == 0 && last.name.view() == fragment.name && !is_whole(last);
    return goes_on || late_id ? in.last : 0;
  }
  return begins_another(calls_[in.last], fragment, made) ? 0 : in.last;
}

// Whether a fragment that seems to go on with a call is the beginning of another one.
bool tool_store::begins_another(tool_call& call, const tool_fragment& fragment, placed& made) {
  const bool other_id = !fragment.id.empty() && call.id.size != 0 && call.id.view() != fragment.id;
  const bool other_name =
      !fragment.name.empty() && call.name.size != 0 && call.name.view() != fragment.name;
  const bool has_arguments = call.arguments.size != 0;
  if (other_id) {
    const bool starts = begins_json(fragment.arguments);
    const bool names = !fragment.name.empty() && (fragment.arguments.empty() || starts);
    // With the arguments of the first one still open, only a fragment that begins its own is new.
    const bool another =
        is_whole(call) ? names || starts : names && (!has_arguments || starts || other_name);
    if (another && fragment.has_index) made.report(issue_code::TOOL_CALL_INDEX_REUSED);
    return another;
  }
  if (!has_arguments || !is_whole(call)) return false;
  if (!begins_json(fragment.arguments)) {
    if (!other_name || !fragment.arguments.empty()) return false;
  } else {
    const bool same_id = !fragment.id.empty() && fragment.id == call.id.view();
    const bool same_call =
        !other_name && (is_same_json(fragment.arguments, call.arguments.view()) ||
                        is_placeholder(call.arguments.view()));
    // The same arguments once more, or the real ones after a placeholder.
    if (same_id || same_call) return false;
  }
  if (fragment.name.empty()) {
    made.report(issue_code::AMBIGUOUS_TOOL_CALL);
  } else if (fragment.has_index) {
    made.report(issue_code::TOOL_CALL_INDEX_REUSED);
  }
  return true;
}

bool tool_store::add_name(tool_call& call, std::string_view name, placed& made) {
  const std::string_view known = call.name.view();
  if (known == name) return true;  // sent again
  if (known.empty()) {
    made.renamed = true;
    return append(call.name, name);
  }
  if (call.arguments.size != 0 && !is_placeholder(call.arguments.view())) {
    made.report(issue_code::TOOL_CALL_NAME_CHANGED);
    return true;
  }
  // It was split; or what came was its beginning, and comes again as a whole.
  made.renamed = true;
  if (starts_with(name, known)) name.remove_prefix(known.size());
  return append(call.name, name);
}

bool tool_store::add_arguments(tool_call& call, std::string_view arguments, placed& made) {
  const std::string_view known = call.arguments.view();
  if (!known.empty() && begins_json(arguments)) {
    const bool whole = is_whole(call);
    if (whole && is_same_json(arguments, known)) {
      made.report(issue_code::ARGUMENTS_RESENT);
      return true;
    }
    // A placeholder; or others for the same call, of which the last ones count.
    if (is_placeholder(known) || whole) {
      made.report(is_placeholder(known) ? issue_code::ARGUMENTS_PLACEHOLDER
                                        : issue_code::AMBIGUOUS_TOOL_CALL);
      ++call.restarts;
      call.told = 0;
      held_ -= call.arguments.size;
      call.arguments.size = 0;
      call.progress.reset();
    }
  }
  made.added = arguments;
  return append(call.arguments, arguments);
}

}  // namespace chatwire::assembly
