// Members of chatwire's structs and of plain ones, written by the same code.
#pragma once

#include <utility>

namespace bench {

template <class Member>
void set_null(Member& member) {
  if constexpr (requires { member.set_null(); }) {
    member.set_null();
  } else if constexpr (requires { member.is_null(); }) {
    member = nullptr;
  } else if constexpr (requires { member.reset(); }) {
    member.reset();
  } else {
    member = Member{};
  }
}

/// The value of a member, made if it may be absent.
template <class Member>
auto& made(Member& member) {
  if constexpr (requires { member.emplace(); }) {
    return member.emplace();
  } else {
    return member;
  }
}

/// The value of a member that was made.
template <class Member>
auto& value_of(Member& member) {
  if constexpr (requires { *member; }) {
    return *member;
  } else {
    return member;
  }
}

}  // namespace bench
