// Tool calls in fragments: which call a fragment is of, and what it adds to it. Servers agree on
// little here: indices are missing, always 0 or of something else; ids are empty, repeated or new
// each time; names are split or sent again; arguments begin with a placeholder or come twice.
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/members.hpp"
#include "assembly/piece.hpp"
#include "assembly/raw.hpp"
#include "chatwire/issue_codes.hpp"
#include "tape/growable.hpp"

namespace chatwire::assembly {

/// What one element of `tool_calls` says; texts are insides of strings.
struct tool_fragment {
  double index = 0;
  bool has_index = false;
  bool is_custom = false;
  std::uint32_t position = 0;  // in its array
  std::string_view id{};
  std::string_view type{};
  std::string_view name{};
  std::string_view arguments{};  // of a function, or the input of a custom tool
};

/// A tool call so far.
struct tool_call {
  piece id;
  piece type;
  piece name;
  piece arguments;
  member_list members;           // that no model knows
  member_list function_members;  // the same of `function` or `custom`
  json_progress progress;
  double index = 0;
  std::uint64_t made_up_id = 0;  // where there is no other
  std::uint32_t next = 0;        // of the same message
  std::uint32_t told = 0;        // how much of the arguments was told by events
  std::uint32_t array = 0;       // the last array of fragments that had one of its
  std::uint32_t restarts = 0;    // how often the arguments began anew
  bool has_index = false;
  bool is_custom = false;
  bool is_told = false;  // an event said that it has begun
};

/// The tool calls of one message.
struct tool_list {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t count = 0;
};

/// Where a fragment went.
struct placed {
  std::uint32_t call = 0;  // 0: no memory, or too many
  bool is_new = false;
  bool renamed = false;           // the name was not there, or not as it is now
  std::string_view added{};       // to the arguments
  std::uint32_t issue_count = 0;  // what is odd about it
  issue_code issues[4]{};

  void report(issue_code code) {
    if (issue_count < 4) issues[issue_count++] = code;
  }
};

class tool_store {
 public:
  tool_store() = default;
  tool_store(const tool_store&) = delete;
  tool_store& operator=(const tool_store&) = delete;
  ~tool_store() { clear(); }

  void clear();
  const tool_call& operator[](std::uint32_t at) const { return calls_[at]; }
  tool_call& operator[](std::uint32_t at) { return calls_[at]; }
  std::uint64_t held() const { return held_; }

  /// The fragments that follow are of one array.
  void begin_array() { ++array_; }
  /// Adds a fragment to the call that it is of, which may be a new one.
  placed add(tool_list& to, const tool_fragment& fragment);

  /// The call with an id, or 0.
  std::uint32_t find_id(const tool_list& in, std::string_view id) const;
  /// The last call with an index, or 0.
  std::uint32_t find_last(const tool_list& in, double index) const;
  [[nodiscard]] bool append_arguments(std::uint32_t at, std::string_view text) {
    return append(calls_[at].arguments, text);
  }
  /// The call at a position in its message, or 0.
  std::uint32_t at(const tool_list& in, std::uint32_t position) const;

 private:
  std::uint32_t find(const tool_list& in, const tool_fragment& fragment, placed& made);
  std::uint32_t find_by_index(const tool_list& in, const tool_fragment& fragment, placed& made);
  std::uint32_t find_without_index(const tool_list& in, const tool_fragment& fragment,
                                   placed& made);
  bool begins_another(tool_call& call, const tool_fragment& fragment, placed& made);
  bool is_whole(tool_call& call);
  std::uint32_t make(tool_list& to);
  [[nodiscard]] bool add_name(tool_call& call, std::string_view name, placed& made);
  [[nodiscard]] bool add_arguments(tool_call& call, std::string_view arguments, placed& made);
  [[nodiscard]] bool append(piece& to, std::string_view more) {
    held_ += more.size();
    return to.append(more);
  }

  tape::growable<tool_call, 2> calls_;  // the first one is none
  std::uint64_t held_ = 0;
  std::uint32_t array_ = 0;
};

}  // namespace chatwire::assembly
