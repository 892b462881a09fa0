#include "structs/partial_value.hpp"

#include <cstring>
#include <utility>

#include "structs/open_value.hpp"

namespace chatwire::structs {

using nlohmann::json;

namespace {

void append(std::string& to, const char* text, const std::uint32_t* cell) {
  to.append(text + cell[0], cell[1]);
}

}  // namespace

void partial_value::apply(const partial_output& told) {
  const auto* text = reinterpret_cast<const char*>(told.text());
  const std::uint32_t* operation = told.operations();
  const std::uint32_t* end = operation + told.size();
  while (operation != end) operation = apply(operation, text);
}

// Returns the next operation.
const std::uint32_t* partial_value::apply(const std::uint32_t* operation, const char* text) {
  const std::uint32_t* operands = operation + 1;
  switch (static_cast<partial_op>(*operation)) {
    case partial_op::begin_object:
      begin(json::object());
      return operands;
    case partial_op::begin_array:
      begin(json::array());
      return operands;
    case partial_op::end:
      open_.pop_back();
      return operands;
    case partial_op::key:
      name_.clear();
      [[fallthrough]];
    case partial_op::more_key:
      append(name_, text, operands);
      return operands + 2;
    case partial_op::text:
      string_ = &place(std::string());
      [[fallthrough]];
    case partial_op::more_text:
      append(string_->get_ref<std::string&>(), text, operands);
      return operands + 2;
    case partial_op::number:
      place_number(operands, false);
      return operands + 2;
    case partial_op::provisional:
      place_number(operands, true);
      return operands + 2;
    case partial_op::yes:
      place(true);
      return operands;
    case partial_op::no:
      place(false);
      return operands;
    case partial_op::null_value:
      place(nullptr);
      return operands;
    case partial_op::complete:
      complete_ = true;
      return operands;
    case partial_op::broken:
      broken_ = true;
      complete_ = false;
      return operands;
    case partial_op::restart:
      // The value stays until there is another.
      open_.clear();
      provisional_ = nullptr;
      complete_ = broken_ = false;
      return operands;
  }
  return operands;
}

json& partial_value::place(json value) {
  if (open_.empty()) {
    has_value_ = true;
    return root_ = std::move(value);
  }
  json& parent = *open_.back();
  if (parent.is_array()) return parent.get_ref<json::array_t&>().emplace_back(std::move(value));
  return parent.get_ref<json::object_t&>()[name_] = std::move(value);
}

void partial_value::place_number(const std::uint32_t* operands, bool may_go_on) {
  double number = 0;
  std::memcpy(&number, operands, sizeof number);
  json value = number_value(number);
  json& placed =
      provisional_ != nullptr ? * provisional_ = std::move(value) : place(std::move(value));
  provisional_ = may_go_on ? &placed : nullptr;
}

void partial_value::begin(json container) { open_.push_back(&place(std::move(container))); }

}  // namespace chatwire::structs
