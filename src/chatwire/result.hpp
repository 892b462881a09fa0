// What a decode gives.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/issue.hpp"
#include "chatwire/models.hpp"

namespace chatwire {

// nlohmann::json promises that moving it does not throw, in a way that clang-tidy cannot follow.
// NOLINTBEGIN(bugprone-exception-escape)

/// Why a decode failed.
struct failure {
  issue_code code{};
  std::size_t offset = 0;  ///< where in the input, in bytes
  std::string message{};
  /// The provider's own error, where the body is one (code PROVIDER_ERROR).
  std::optional<error_payload> provider{};
  /// The whole body, where it is a provider's error.
  nlohmann::json body{};
};

/// A value, or why there is none. Nothing here throws: `*result` of a failure is what was decoded
/// before it, which may be nothing at all.
///
///     const auto result = chatwire::decode(body);
///     if (!result) return report(result.error().message);
///     use(result->choices);
template <class T>
class [[nodiscard]] result {
 public:
  /// A success with an empty value, to be filled in.
  result() = default;

  /// Whether there is a value; of a failure there is only what was decoded before it.
  bool ok() const { return failure_ == nullptr; }
  explicit operator bool() const { return ok(); }

  /// The value; of a failure, what was decoded before it.
  T& value() & { return value_; }
  const T& value() const& { return value_; }
  T&& value() && { return std::move(value_); }
  T& operator*() & { return value_; }
  const T& operator*() const& { return value_; }
  T&& operator*() && { return std::move(value_); }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }

  /// Why the decode failed; where it did not, nothing of note.
  const failure& error() const {
    static const failure none;
    return failure_ == nullptr ? none : *failure_;
  }

  /// Everything there is to report, also of a decode that did not fail.
  const std::vector<issue>& issues() const { return issues_; }

  void set_issues(std::vector<issue>&& issues) { issues_ = std::move(issues); }
  /// Makes the value what was decoded before a failure.
  void fail(failure&& why) { failure_ = std::make_unique<failure>(std::move(why)); }

 private:
  T value_{};
  std::vector<issue> issues_;
  std::unique_ptr<failure> failure_;
};

// NOLINTEND(bugprone-exception-escape)

}  // namespace chatwire
