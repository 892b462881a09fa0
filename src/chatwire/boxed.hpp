// An optional value that lies outside of what holds it.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace chatwire {

/// Like a `std::optional`, for large values that are mostly absent: takes the room of a pointer,
/// and an allocation where there is a value. Copies are copies of the value. What was moved from
/// has none.
template <class T>
class boxed {
 public:
  using value_type = T;

  boxed() = default;
  template <class... Arguments>
  explicit boxed(std::in_place_t, Arguments&&... arguments)
      : held_(new T(std::forward<Arguments>(arguments)...)) {}
  boxed(const boxed& other) : held_(other.held_ ? new T(*other.held_) : nullptr) {}
  boxed(boxed&&) noexcept = default;
  ~boxed() = default;

  boxed& operator=(const boxed& other) {
    if (this == &other) return *this;
    if (other.held_) return *this = *other.held_;
    reset();
    return *this;
  }
  boxed& operator=(boxed&&) noexcept = default;
  template <class U>
  requires std::constructible_from<T, U&&> &&
      (!std::derived_from<std::remove_cvref_t<U>, boxed>)boxed&
      operator=(U&& value) {
    if (held_) {
      *held_ = std::forward<U>(value);
    } else {
      emplace(std::forward<U>(value));
    }
    return *this;
  }

  template <class... Arguments>
  T& emplace(Arguments&&... arguments) {
    held_.reset(new T(std::forward<Arguments>(arguments)...));
    return *held_;
  }
  void reset() noexcept { held_.reset(); }

  bool has_value() const noexcept { return held_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  T& operator*() & noexcept { return *held_; }
  const T& operator*() const& noexcept { return *held_; }
  T&& operator*() && noexcept { return std::move(*held_); }
  T* operator->() noexcept { return held_.get(); }
  const T* operator->() const noexcept { return held_.get(); }

  /// Throws `std::bad_optional_access` where there is no value.
  T& value() & { return *there(); }
  const T& value() const& { return *there(); }
  T&& value() && { return std::move(*there()); }
  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? *held_ : static_cast<T>(std::forward<U>(other));
  }

  friend bool operator==(const boxed& a, const T& b) { return a.has_value() && *a == b; }

 private:
  T* there() const {
    if (!has_value()) throw std::bad_optional_access();
    return held_.get();
  }

  std::unique_ptr<T> held_;
};

}  // namespace chatwire
