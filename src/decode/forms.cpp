// Servers send one form of body over and over: the same members in the same order, with other texts
// and numbers. So a body is compared with those that came before, sixteen bytes at a time. Where it
// has the form of one, only its texts and numbers are read, and go where those of the other one
// went.
#include <cstring>

#include "decode/decoder.hpp"
#include "text/bytes.hpp"
#include "text/number.hpp"

namespace chatwire {

using models::kind;

namespace {

bool starts_number(std::uint8_t byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

}  // namespace

// Reads a body that has the form of one that came before. False: it has not.
bool decoder::follow_forms() {
  for (std::uint32_t i = 0; i < form_count; ++i) {
    form& known = forms_[form_order_[i]];
    if (known.words.size() == 0) return false;
    // The first value of a server's bodies is an id, and its ids are of one length.
    if (end_ - begin_ < static_cast<std::ptrdiff_t>(known.second + sizeof(std::uint64_t)) ||
        !text::same_word<std::uint64_t>(
            begin_ + known.second,
            reinterpret_cast<const char*>(known.bytes.data()) + known.values[0].before))
      continue;
    if (follow(known)) {
      if (!known.was_followed) form_patience_ = 1;
      known.was_followed = true;
      put_first(i);
      result_.root = known.root;
      result_.had_form = true;
      return true;
    }
    text_.start(begin_, end_, options_.surrogates_in_input, options_.repair_json);
    issues_.clear();
    failed_ = false;
    words_.resize_within(tape::slot_words);
  }
  return false;
}

bool decoder::follow(const form& known) {
  const std::uint32_t size = known.words.size();
  if (!words_.room(size)) return false;
  std::memcpy(words_.data(), known.words.data(), size * sizeof(std::uint32_t));
  words_.resize_within(size);
  const std::uint8_t* expected = known.bytes.data();
  cursor at = begin_;
  for (const form::value* value = known.values.data();; ++value) {
    const std::uint32_t before = value->before;
    if (end_ - at < static_cast<std::ptrdiff_t>(before) || !text::same_run(at, expected, before))
      return false;
    at += before;
    expected += before;
    if (at == end_) return value->as == kind::open;
    if (value->as == kind::text) {
      at -= value->name_length;
      text::cell cell;
      const place root;
      const cursor stop = string(at, &root, cell);
      if (stop == nullptr || issues_.count() != 0) return false;
      if (cell.length() == 0) return false;
      put(value->word, cell);
      at = stop - 1;
    } else {
      if (value->as == kind::open || !starts_number(*at)) return false;
      const text::number number = text::read_number(at, end_);
      if (number.end == nullptr ||
          (value->as != kind::number && (!number.integral || number.value < 0)))
        return false;
      put_double(value->word, number.value);
      at = number.end;
    }
  }
}

}  // namespace chatwire
