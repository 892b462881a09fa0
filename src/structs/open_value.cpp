#include "structs/open_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace chatwire::structs {

using nlohmann::json;
using tape::tag;

namespace {

// Beyond it, not every integer is a double.
constexpr double exact_integers = 9007199254740992.0;

/// An integer of any length, from its digits. Beyond 64 bits it becomes a double.
json big_integer(std::string_view digits) {
  const char* end = digits.data() + digits.size();
  const auto whole = [&](auto value) {
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    return error == std::errc{} && stop == end ? json(value) : json();
  };
  json value = whole(std::int64_t{});
  if (value.is_null()) value = whole(std::uint64_t{});
  if (value.is_null()) value = whole(double{});
  return value;
}

/// Builds a value from cells, without recursion: the input decides how deep it is.
class builder {
 public:
  builder(const tape::view& tape, std::uint32_t word) : tape_(tape), word_(word) {}

  json build() {
    json root;
    read_into(root);
    while (!open_.empty()) {
      container& inner = open_.back();
      if (inner.left == 0) {
        open_.pop_back();
        continue;
      }
      --inner.left;
      // A container does not move while one that it holds is being built.
      read_into(next_of(*inner.value));
    }
    return root;
  }

 private:
  struct container {
    json* value;
    std::uint32_t left;
  };

  json& next_of(json& parent) {
    if (parent.is_array()) return parent.get_ref<json::array_t&>().emplace_back();
    const std::string_view name = tape_.text(take());
    return parent.get_ref<json::object_t&>()[std::string(name)];
  }

  void read_into(json& to) {
    const std::uint32_t cell = take();
    if (tape_.is_number(cell)) {
      to = number_value(tape_.number(cell));
      return;
    }
    switch (tape_.tag_at(cell)) {
      case tag::no:
        to = false;
        return;
      case tag::yes:
        to = true;
        return;
      case tag::text:
        to = std::string(tape_.text(take()));
        return;
      case tag::big:
        to = big_integer(tape_.text(take()));
        return;
      case tag::array:
        to = json::array();
        open_.push_back({&to, tape_.words[cell]});
        return;
      case tag::object:
        to = json::object();
        open_.push_back({&to, tape_.words[cell]});
        return;
      default:
        to = nullptr;
        return;
    }
  }

  std::uint32_t take() {
    const std::uint32_t cell = word_;
    word_ += tape::slot_words;
    return cell;
  }

  const tape::view& tape_;
  std::uint32_t word_;
  std::vector<container> open_;
};

}  // namespace

json number_value(double number) {
  if (!(std::fabs(number) < exact_integers)) return number;
  const auto integer = static_cast<std::int64_t>(number);
  if (static_cast<double>(integer) != number || (integer == 0 && std::signbit(number)))
    return number;
  if (integer < 0) return integer;
  return static_cast<std::uint64_t>(integer);
}

json number_values(const std::vector<double>& numbers) {
  json values = json::array();
  for (const double number : numbers) values.push_back(number_value(number));
  return values;
}

json open_value(const tape::view& tape, std::uint32_t word) { return builder(tape, word).build(); }

void add_extra_members(const tape::view& tape, std::uint32_t entry, json& extra) {
  for (; entry != 0; entry = tape.words[entry]) {
    if (tape.words[entry + 1] == tape::stale_original) continue;
    keep(extra, tape.text(entry + 2), open_value(tape, entry + tape::extra_words));
  }
}

const json* find_member(const json& object, std::string_view name) {
  const auto* members = object.get_ptr<const json::object_t*>();
  if (members == nullptr) return nullptr;
  const auto found = members->find(name);
  return found == members->end() ? nullptr : &found->second;
}

void keep(json& extra, std::string_view name, json value) {
  if (!extra.is_object()) extra = json::object();
  extra.get_ref<json::object_t&>()[std::string(name)] = std::move(value);
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace chatwire::structs
