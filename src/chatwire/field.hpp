// Members of models: absent, null or there.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "chatwire/boxed.hpp"

namespace chatwire {

template <class T>
class field;

/// What a field of T takes as its value.
template <class U, class T>
concept field_value =
    std::constructible_from<T, U&&> && !std::same_as<std::remove_cvref_t<U>, field<T>> &&
    !std::same_as<std::remove_cvref_t<U>, std::nullptr_t> &&
    !std::same_as<std::remove_cvref_t<U>, std::nullopt_t> &&
    !std::same_as<std::remove_cvref_t<U>, std::in_place_t>;

/// What holds a field's value: most members are absent from most bodies, so large ones lie outside.
template <class T>
using field_storage = std::conditional_t<(sizeof(T) > 64), boxed<T>, std::optional<T>>;

/// A member that may be absent, null, or have a value. A `std::optional` that also tells the two
/// ways of having none apart, so that what was decoded is encoded as it came. Values of more than
/// 64 bytes are allocated apart.
///
///     message.content = "Hello";  // a value
///     message.content = nullptr;  // "content": null
///     message.content.reset();    // no member `content`
template <class T>
class field : public field_storage<T> {
  using base = field_storage<T>;

 public:
  /// Absent.
  constexpr field() = default;
  constexpr field(std::nullopt_t) {}
  /// Null.
  constexpr field(std::nullptr_t) : null_(true) {}
  /// A value.
  template <field_value<T> U = T>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): the concept keeps fields out
  constexpr field(U&& value) : base(std::in_place, std::forward<U>(value)) {}

  constexpr field& operator=(std::nullopt_t) {
    reset();
    return *this;
  }
  constexpr field& operator=(std::nullptr_t) {
    base::reset();
    null_ = true;
    return *this;
  }
  template <field_value<T> U = T>
  constexpr field& operator=(U&& value) {
    base::operator=(std::forward<U>(value));
    return *this;
  }

  /// Makes the member absent.
  constexpr void reset() {
    base::reset();
    null_ = false;
  }

  /// Whether the member is there, as null.
  constexpr bool is_null() const { return null_ && !this->has_value(); }
  /// Whether there is no such member.
  constexpr bool is_absent() const { return !null_ && !this->has_value(); }

 private:
  bool null_ = false;  // says nothing while there is a value
};

template <class T>
constexpr bool operator==(const field<T>& a, const field<T>& b) {
  if (a.has_value() != b.has_value()) return false;
  return a.has_value() ? *a == *b : a.is_null() == b.is_null();
}
template <class T>
constexpr bool operator==(const field<T>& a, std::nullptr_t) {
  return a.is_null();
}

/// A list that a model always has: a `std::vector` that remembers where there was none on the wire.
template <class T>
class list : public std::vector<T> {
 public:
  using std::vector<T>::vector;

  /// Empties the list and makes it absent, or null.
  void set_absent() { empty_as(absent); }
  void set_null() { empty_as(null); }

  /// Whether the member is there, as null, or not at all.
  bool is_null() const { return this->empty() && state_ == null; }
  bool is_absent() const { return this->empty() && state_ == absent; }

  friend bool operator==(const list& a, const list& b) {
    return a.is_null() == b.is_null() && a.is_absent() == b.is_absent() &&
           static_cast<const std::vector<T>&>(a) == static_cast<const std::vector<T>&>(b);
  }

 private:
  enum state : unsigned char { there, absent, null };

  void empty_as(state as) {
    this->clear();
    state_ = as;
  }

  state state_ = there;  // says nothing while there are elements
};

}  // namespace chatwire
