// How a struct is described to the conversions: see structs/generated/descriptions.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace chatwire::structs {

/// A member that travels. Its slot on the tape is its place among the members.
template <class Model, class Value>
struct member {
  std::string_view wire;
  Value Model::*pointer;
};

template <class Model, class Value>
member(const char*, Value Model::*) -> member<Model, Value>;

/// A member that tells that chatwire made another one up: the one in slot `about`.
template <class Model>
struct flag {
  bool Model::*pointer;
  int about;
};
template <class Model>
flag(bool Model::*, int) -> flag<Model>;

/// Specialized for every model: tuples `members` and `flags`.
template <class Model>
struct description;

template <class Model>
concept described = requires {
  description<Model>::members;
};

template <described Model>
inline constexpr std::size_t member_count =
    std::tuple_size_v<std::remove_cvref_t<decltype(description<Model>::members)>>;

/// Calls `action(slot, member)` for each member; the slot is a constant.
template <described Model, class Action>
constexpr void for_each_member(Action&& action) {
  [&]<std::size_t... Slot>(std::index_sequence<Slot...>) {
    (action(std::integral_constant<std::size_t, Slot>{},
            std::get<Slot>(description<Model>::members)),
     ...);
  }
  (std::make_index_sequence<member_count<Model>>{});
}

/// Calls `action(slot, flag)` for each flag; the slot is a constant.
template <described Model, class Action>
constexpr void for_each_flag(Action&& action) {
  constexpr std::size_t count =
      std::tuple_size_v<std::remove_cvref_t<decltype(description<Model>::flags)>>;
  [&]<std::size_t... Place>(std::index_sequence<Place...>) {
    (action(std::integral_constant<std::size_t, member_count<Model> + Place>{},
            std::get<Place>(description<Model>::flags)),
     ...);
  }
  (std::make_index_sequence<count>{});
}

/// Whether `value` says that the member in this slot was made up.
template <described Model>
constexpr bool is_made_up(const Model& value, std::size_t slot) {
  bool made_up = false;
  for_each_flag<Model>([&](auto, const auto& one) {
    made_up = made_up || (one.about == static_cast<int>(slot) && value.*one.pointer);
  });
  return made_up;
}

/// The wire names of a model's members, in the order of their slots.
template <described Model>
inline constexpr auto wire_names = [] {
  std::array<std::string_view, member_count<Model>> names{};
  for_each_member<Model>([&](auto slot, const auto& one) { names[slot()] = one.wire; });
  return names;
}();

}  // namespace chatwire::structs
