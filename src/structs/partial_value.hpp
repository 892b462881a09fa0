// The value of partial JSON for C++ callers: carries out what `partial_json` tells.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "partial/partial_json.hpp"

namespace chatwire::structs {

/// A value that is still coming. Text is UTF-8; halves of surrogate pairs that stand alone are as
/// WTF-8 has them.
class partial_value {
 public:
  // NOLINTNEXTLINE(bugprone-exception-escape): clang-tidy 14 mistrusts nlohmann::json
  partial_value() = default;
  // It holds pointers into itself.
  partial_value(const partial_value&) = delete;
  partial_value& operator=(const partial_value&) = delete;

  /// Carries out the operations, which are those that followed the ones of the last call.
  void apply(const partial_output& told);

  /// False: nothing of a value has come.
  bool has_value() const { return has_value_; }
  /// What has come so far. The next call goes on with it.
  const nlohmann::json& value() const { return root_; }
  bool complete() const { return complete_; }
  bool broken() const { return broken_; }

 private:
  const std::uint32_t* apply(const std::uint32_t* operation, const char* text);
  nlohmann::json& place(nlohmann::json value);
  void place_number(const std::uint32_t* operands, bool may_go_on);
  void begin(nlohmann::json container);

  nlohmann::json root_;
  // The containers that are open. None of them moves: what holds it does not grow meanwhile.
  std::vector<nlohmann::json*> open_;
  std::string name_;                       // of the member that comes next
  nlohmann::json* string_ = nullptr;       // the string that may go on
  nlohmann::json* provisional_ = nullptr;  // the number that may go on
  bool has_value_ = false;
  bool complete_ = false;
  bool broken_ = false;
};

}  // namespace chatwire::structs
