// The members of objects that come in pieces, each joined by a rule: the first value counts, the
// last one, or all of them one after the other.
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/piece.hpp"
#include "decode/decoder.hpp"
#include "models/tables.hpp"
#include "tape/growable.hpp"

namespace chatwire::assembly {

/// How the values of a member become one.
enum class join : std::uint8_t {
  last,    // the last one that says something
  first,   // the first one that says something
  text,    // texts, one after the other
  list,    // the elements of arrays, one after the other
  ignore,  // it is of the chunk, not of the completion
  other,   // the caller's
};

/// How the members of a model are joined, by their slots; unknown ones by their names.
struct join_rules {
  join of[32]{};
  bool unknown_pieces = false;  // unknown members may be pieces of something longer
};

/// One member of an object in pieces. Of unknown members the name is kept as it stood on the wire.
struct member {
  piece value;  // JSON; of joins text and list what is inside of it
  piece name;
  std::uint32_t next = 0;
  std::uint8_t slot = unknown_slot;
  join how = join::last;
  bool said = false;  // something other than null, "", [] and {} came

  static constexpr std::uint8_t unknown_slot = 0xFF;
};

/// A list of members; they live in a store that many objects share.
struct member_list {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

class member_store {
 public:
  member_store() = default;
  member_store(const member_store&) = delete;
  member_store& operator=(const member_store&) = delete;
  ~member_store() { clear(); }

  void clear();
  const member& operator[](std::uint32_t at) const { return members_[at]; }
  member& operator[](std::uint32_t at) { return members_[at]; }
  /// Bytes that are held.
  std::uint64_t held() const { return held_; }

  /// Adds what an object on the tape has, by the rules. False: no memory.
  [[nodiscard]] bool add(member_list& to, const decoder& from, std::uint32_t object,
                         const models::table_object& schema, const join_rules& rules);
  /// Adds one value of a known member.
  [[nodiscard]] bool add(member_list& to, std::uint32_t slot, join how, std::string_view value);
  /// Adds to a text; `text` is the inside of a string.
  [[nodiscard]] bool add_text(member_list& to, std::uint32_t slot, std::string_view text);
  [[nodiscard]] bool append_text(std::uint32_t at, std::string_view text) {
    return append(members_[at].value, text);
  }
  /// Forgets the text of a member, which comes again.
  void restart(std::uint32_t at) {
    held_ -= members_[at].value.size;
    members_[at].value.size = 0;
  }
  /// The member in a slot, or 0.
  std::uint32_t find(const member_list& in, std::uint32_t slot) const;

 private:
  [[nodiscard]] bool add_unknown(member_list& to, std::string_view source, bool pieces);
  std::uint32_t find(const member_list& in, std::string_view name) const;
  std::uint32_t make(member_list& to, join how);
  [[nodiscard]] bool join_value(member& to, std::string_view value);
  [[nodiscard]] bool append(piece& to, std::string_view more);
  [[nodiscard]] bool assign(piece& to, std::string_view value);

  tape::growable<member, 8> members_;  // the first one is none
  std::uint64_t held_ = 0;
};

}  // namespace chatwire::assembly
