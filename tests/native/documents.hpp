// Random JSON documents and bodies, full of what breaks scanners, the same ones for each seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "models/tables.hpp"

namespace chatwire::test {

class documents {
 public:
  explicit documents(std::uint32_t seed) : random_(seed) {}

  /// Any JSON value, with white space around and inside.
  std::string any();
  std::string string();
  std::string number();

  /// A completion or chunk with any members of its models and some that no model knows. Lenient
  /// decoding repairs nothing in it.
  std::string body(models::model root);

  /// What one to three accidents make of bytes.
  std::string damaged(std::string bytes);

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool one_in(std::uint32_t many) { return below(many) == 0; }

 private:
  std::string_view pick(const std::vector<std::string_view>& from) {
    return from[below(static_cast<std::uint32_t>(from.size()))];
  }
  std::string space();
  std::string piece();
  std::string plain(std::uint32_t length);
  std::string integer(bool negative);
  std::string name();
  std::string value(std::uint32_t depth);
  std::string list(std::uint32_t most, std::string (documents::*item)());
  std::string map(std::string (documents::*item)());

  std::string object(models::model which, std::uint32_t depth);
  std::string members(const models::table_object& schema, std::uint32_t depth);
  std::string member_value(const models::table_object& schema, const models::table_field& of,
                           std::uint32_t depth);
  std::string text(const models::table_field& of);
  std::string objects(const models::table_field& of, std::uint32_t depth);
  std::string open(models::open_rule rule);

  std::string some_value() { return value(2); }
  std::string boolean() { return one_in(2) ? "true" : "false"; }
  std::string count() { return integer(false); }
  std::string whole() { return integer(true); }
  std::string scalar() { return one_in(2) ? string() : number(); }
  std::string strings() { return list(3, &documents::string); }
  std::string numbers() { return list(4, &documents::number); }

  std::mt19937 random_;
};

}  // namespace chatwire::test
