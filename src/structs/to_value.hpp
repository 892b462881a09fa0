// From structs to nlohmann::json.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "structs/members.hpp"

namespace chatwire::structs {

/// A sink for `put_object` that makes a nlohmann::json.
class json_value {
 public:
  void begin_object();
  void begin_array();
  void end_object() { open_.pop_back(); }
  void end_array() { open_.pop_back(); }

  void name(std::string_view wire) { name_ = wire; }
  void unknown_name(std::string_view any) { name_ = any; }

  void text(std::string_view value);
  void number(double value);
  void integer(std::int64_t value);
  void boolean(bool value);
  void null();
  void open(const nlohmann::json& value);

  nlohmann::json take() { return std::move(root_); }

 private:
  nlohmann::json& place(nlohmann::json value);

  nlohmann::json root_;
  std::vector<nlohmann::json*> open_;
  std::string_view name_;
};

template <described Model>
nlohmann::json to_value(const Model& model) {
  json_value sink;
  put_object(sink, model);
  return sink.take();
}

}  // namespace chatwire::structs
