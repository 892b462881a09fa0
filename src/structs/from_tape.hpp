// From the tape to structs.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "chatwire/field.hpp"
#include "structs/description.hpp"
#include "structs/open_value.hpp"
#include "tape/view.hpp"

namespace chatwire::structs {

/// What a struct has before it is read.
enum class filled : bool {
  not_yet,
  before,  ///< anything: what it has allocated is used again
};

template <filled Filled = filled::not_yet, described Model>
void read_object(const tape::view& tape, std::uint32_t at, Model& out);

/// Reads the values of members. Each `take` reads the value in `slot`, and tells whether the C++
/// type can hold it; `open` reads an open value that stands in for the type of a slot.
template <filled Filled>
class slot_reader {
 public:
  explicit slot_reader(const tape::view& tape) : tape_(tape) {}

  bool take(std::uint32_t slot, std::string& out) const {
    out = tape_.text(slot);
    return true;
  }
  bool take(std::uint32_t slot, double& out) const {
    out = tape_.number(slot);
    return true;
  }
  bool take(std::uint32_t slot, std::int64_t& out) const {
    const double number = tape_.number(slot);
    // The limits are powers of two, so they are doubles. The comparison refuses NaN, too.
    if (!(number >= -0x1p63 && number < 0x1p63)) return false;
    out = static_cast<std::int64_t>(number);
    return static_cast<double>(out) == number;
  }
  bool take(std::uint32_t slot, bool& out) const {
    out = tape_.words[slot] != 0;
    return true;
  }
  bool take(std::uint32_t slot, nlohmann::json& out) const {
    out = open_value(tape_, tape_.words[slot]);
    return true;
  }
  template <described Model>
  bool take(std::uint32_t slot, Model& out) const {
    read_object<Filled>(tape_, tape_.words[slot], out);
    return true;
  }
  template <class Item>
  bool take(std::uint32_t slot, std::vector<Item>& out) const {
    return take_list(tape_.words[slot], tape_.words[slot + 1], out);
  }
  template <described Part>
  bool take(std::uint32_t slot, std::variant<std::string, std::vector<Part>>& out) const {
    if (!tape_.holds_parts(slot)) return take(slot, out.template emplace<std::string>());
    return take_list(tape_.words[slot], tape_.words[slot + 1] >> 3U,
                     out.template emplace<std::vector<Part>>());
  }
  template <described Model, class... Other>
  bool take(std::uint32_t slot, std::variant<Model, Other...>& out) const {
    return take(slot, out.template emplace<Model>());
  }

  template <class Value>
  bool open(std::uint32_t, Value&) const {
    return false;
  }
  template <described Model, class... Other>
  bool open(std::uint32_t word, std::variant<Model, Other...>& out) const {
    if constexpr ((std::is_same_v<Other, std::string> || ...)) {
      if (!tape_.is_number(word) && tape_.tag_at(word) == tape::tag::text) {
        out = std::string(tape_.text(word + tape::slot_words));
        return true;
      }
    }
    if constexpr ((std::is_same_v<Other, double> || ...)) {
      if (tape_.is_number(word)) {
        out = tape_.number(word);
        return true;
      }
    }
    return false;
  }

 private:
  template <class Item>
  bool take_list(std::uint32_t first, std::uint32_t count, std::vector<Item>& out) const {
    out.resize(count);
    std::uint32_t at = first;
    for (Item& item : out) {
      if constexpr (described<Item>) {
        read_object<Filled>(tape_, at, item);
        at = tape_.words[at + 3];
      } else {
        if (!take(at, item)) return false;
        at += tape::slot_words;
      }
    }
    return true;
  }

  const tape::view& tape_;
};

/// Reads one member after the other, from the object at `at`.
template <filled Filled, described Model>
class object_reader {
 public:
  object_reader(const tape::view& tape, std::uint32_t at, Model& out)
      : tape_(tape), at_(at), out_(out) {}

  void read() {
    const std::uint32_t present = tape_.words[at_];
    const std::uint32_t nulls = tape_.words[at_ + 1];
    const std::uint32_t there = present | nulls;
    // Most members are absent, and passed over eight at a time.
    for_each_member<Model>([&](auto slot, const auto& one) {
      if constexpr (slot() % group_size == 0) {
        constexpr std::uint32_t group = (1U << group_size) - 1;
        if ((there >> slot() & group) != 0) read_group<slot()>(present, nulls);
      }
      if ((there >> slot() & 1U) == 0) leave(out_.*one.pointer);
    });
    for_each_flag<Model>(
        [&](auto slot, const auto& one) { out_.*one.pointer = (present >> slot() & 1U) != 0; });
    if constexpr (Filled == filled::before) out_.extra = nullptr;
    if (const std::uint32_t entry = tape_.words[at_ + 2]; entry != 0) [[unlikely]]
      add_extra_members(tape_, entry, out_.extra);
  }

  /// Reads the known members that there are; all else stays as it was.
  void read_known() {
    const std::uint32_t present = tape_.words[at_];
    const std::uint32_t nulls = tape_.words[at_ + 1];
    for_each_member<Model>([&](auto slot, const auto& one) {
      if (((present | nulls) >> slot() & 1U) != 0 && out_.extra.is_object()) [[unlikely]] {
        out_.extra.erase(std::string(one.wire));
        if (out_.extra.empty()) out_.extra = nullptr;
      }
      if constexpr (slot() % group_size == 0) read_group<slot()>(present, nulls);
    });
  }

 private:
  using reader = slot_reader<Filled>;
  static constexpr std::size_t group_size = 8;

  template <class Value>
  static Value& room_in(field<Value>& of) {
    return Filled == filled::before && of.has_value() ? *of : of.emplace();
  }

  template <std::size_t First>
  void read_group(std::uint32_t present, std::uint32_t nulls) {
    for_each_member<Model>([&](auto slot, const auto& one) {
      if constexpr (slot() >= First && slot() < First + group_size) {
        constexpr std::uint32_t bit = 1U << slot();
        if ((present & bit) != 0) {
          set(one, place(slot()), (nulls & bit) != 0);
        } else if ((nulls & bit) != 0) [[unlikely]] {
          set_open(one, tape_.words[place(slot())]);
        }
      }
    });
  }

  std::uint32_t place(std::size_t slot) const {
    return at_ + tape::header_words + tape::slot_words * static_cast<std::uint32_t>(slot);
  }

  template <class Value>
  void leave(field<Value>& to) const {
    if constexpr (Filled == filled::before) to.reset();  // absent already otherwise
  }
  template <class Item>
  void leave(list<Item>& to) const {
    to.set_absent();
  }

  template <class Value>
  void set(const member<Model, field<Value>>& to, std::uint32_t slot, bool null) {
    field<Value>& target = out_.*to.pointer;
    if (null) {
      target = nullptr;
      return;
    }
    if constexpr (std::is_same_v<Value, std::string>) {
      target = tape_.text(slot);
    } else {
      if (reader(tape_).take(slot, room_in(target))) [[likely]]
        return;
      // JSON has numbers that `std::int64_t` has not.
      target.reset();
    }
    if constexpr (std::is_same_v<Value, std::int64_t>) {
      keep(out_.extra, to.wire, number_value(tape_.number(slot)));
    } else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
      std::vector<double> numbers;
      reader(tape_).take(slot, numbers);
      keep(out_.extra, to.wire, number_values(numbers));
    }
  }
  template <class Item>
  void set(const member<Model, list<Item>>& to, std::uint32_t slot, bool null) {
    list<Item>& target = out_.*to.pointer;
    if (null) {
      target.set_null();
    } else {
      reader(tape_).take(slot, target);
    }
  }

  /// A contract may leave open what the merged model has a type for: then `extra` holds it.
  template <class Value>
  void set_open(const member<Model, field<Value>>& to, std::uint32_t word) {
    field<Value>& target = out_.*to.pointer;
    if (reader(tape_).open(word, target.emplace())) return;
    target.reset();
    keep(out_.extra, to.wire, open_value(tape_, word));
  }
  template <class Item>
  void set_open(const member<Model, list<Item>>& to, std::uint32_t word) {
    (out_.*to.pointer).set_absent();
    keep(out_.extra, to.wire, open_value(tape_, word));
  }

  const tape::view& tape_;
  std::uint32_t at_;
  Model& out_;
};

template <filled Filled, described Model>
void read_object(const tape::view& tape, std::uint32_t at, Model& out) {
  object_reader<Filled, Model>(tape, at, out).read();
}

/// Reads the known members that an object on the tape has into one that has more.
template <described Model>
void read_known(const tape::view& tape, std::uint32_t at, Model& out) {
  object_reader<filled::before, Model>(tape, at, out).read_known();
}

}  // namespace chatwire::structs
