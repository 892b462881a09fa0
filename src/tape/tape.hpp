// The tape: what one decode leaves behind, as 32-bit words in one flat array. JavaScript reads it
// through typed arrays, C++ through `tape_view`. docs/tape.md describes it word by word.
#pragma once

#include <cstdint>

namespace chatwire::tape {

// An object of a model is a header of four words and then a slot of two words for each member of
// the merged model, whichever contract it was decoded under. Slots of absent members hold garbage.
//
//   word 0  present: a bit for each slot that holds a value or null
//   word 1  nulls: a bit for each slot whose member is null.
//           A slot that is null but not present holds an open value (see below) where its kind
//           would have been something else: the word offset of its cell in the slot's first word.
//   word 2  the first of the members that the model does not know, or 0
//   word 3  the word after the object and all that it holds: where the next one of an array begins
inline constexpr std::uint32_t header_words = 4;
inline constexpr std::uint32_t slot_words = 2;

// What a slot holds, by the kind of its member:
//   text      a text cell
//   integer, count, number    an IEEE double
//   boolean   0 or 1 in the first word
//   object    the word offset of the object
//   objects   the word offset of the first object, and how many there are
//   integers  the word offset of the first double (two words each), and how many there are
//   numbers   the same
//   texts     the word offset of the first text cell, and how many there are
//   open      the word offset of an open value
//   content   a text cell; or, with text_kind::parts, as `objects`: the word offset of the first
//             part, and the number of parts where a text cell has its length
//
// Where open values stand in for the kind of a slot is told by `nulls` (above).

/// A text cell: the first word is a position, the second `length << 3 | text_kind`.
/// WebAssembly builds hold text as ASCII or UTF-16, ready for JavaScript; native builds hold all
/// of it as UTF-8 and use pool8 (for texts of any length) and input8 only.
enum class text_kind : std::uint32_t {
  pool8 = 0,     // in the pool of short texts: position and length in bytes
  input8 = 1,    // in the input itself: offset and length in bytes
  text8 = 2,     // in the buffer of long unescaped texts: position and length in bytes
  pool16 = 3,    // in the pool of short UTF-16 texts: position and length in code units
  text16 = 4,    // in the buffer of long UTF-16 texts: position and length in code units
  constant = 5,  // a word of the vocabulary: its number
  parts = 6,     // no text: an array of content parts (slots of kind content only)
  proto = 7,     // the member name "__proto__", which JavaScript must not assign by
};

/// Texts up to this length go to a pool, longer ones are spans of their own.
inline constexpr std::uint32_t pooled_length = 128;
/// No pooled text crosses a multiple of this position, so a pool is decoded piece by piece and a
/// JavaScript string cut out of a piece never keeps more than that piece alive.
inline constexpr std::uint32_t pool_piece = 2048;

/// WebAssembly builds keep so many short names of members beside the tape, from one decode to the
/// next: a cell of kind pool8 with a position from `first_name` on is the name of that number,
/// until the version of the names changes. Of each there are its text, so long at most, its length,
/// and what only the core reads.
inline constexpr std::uint32_t name_count = 512;
inline constexpr std::uint32_t first_name = 0x80000000U;
inline constexpr std::uint32_t longest_name = 48;
inline constexpr std::uint32_t name_bytes = 56;

// A member that the model does not know is an entry of a list:
//   word 0   the next entry, or 0
//   word 1   0; where the member is known, but its value did not fit or was repaired, and this is
//   the
//            original: its slot + 1; where that original no longer counts: stale_original
//   word 2,3 the name, a text cell
//   word 4...  its value, an open value
inline constexpr std::uint32_t extra_words = 4;
inline constexpr std::uint32_t stale_original = 0xFFFFFFFFU;

// An open value is a sequence of cells of two words in document order. A cell whose second word is
// below `tag_base` is an IEEE double. The others are tagged:
inline constexpr std::uint32_t tag_base = 0xFFF80000U;
enum class tag : std::uint32_t {
  null = tag_base + 1,
  no = tag_base + 2,
  yes = tag_base + 3,
  text = tag_base + 4,    // followed by a text cell
  array = tag_base + 5,   // first word: how many elements follow
  object = tag_base + 6,  // first word: how many members follow, each a text cell and a value
  big = tag_base + 7,  // an integer beyond 2^53, on demand: followed by a text cell of its digits
};

}  // namespace chatwire::tape
