// Puts the chunks of a stream together: what they say of each choice, channel by channel, as it
// stood on the wire. Only appends; strings and objects are made when somebody asks for them.
//
//   assembly.cpp    chunks, choices, and members by their rules
//   deltas.cpp      texts, parts and items of a message
//   tool_calls.cpp  which tool call a fragment is of, and what it adds to it
//   events.cpp      what is told to those who follow the stream
//   repeats.cpp     events that are like the one before
//   completion.cpp  the completion as JSON
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/piece.hpp"
#include "assembly/raw.hpp"
#include "assembly/rules.hpp"
#include "decode/decoder.hpp"
#include "tape/growable.hpp"

namespace chatwire::assembly {

/// What an event of a stream is about, for those who follow it.
enum class event_kind : std::uint32_t {
  text,
  reasoning,
  refusal,
  tool_call,            // begins, or has another name than was told
  tool_call_arguments,  // go on
  usage,
};

/// An event, for JavaScript: words of the tape. ts/core/stream.ts reads it.
struct event_record {
  event_kind kind{};
  std::int32_t choice = 0;
  std::uint32_t tool_call = 0;  // its position in its message
  std::uint32_t word = 0;       // of its text cell, of the id's or of the usage; 0: there is none
  std::uint32_t name = 0;       // of the text cell of a tool call's name; 0: there is none
};

/// How chunks are put together.
struct assembly_options {
  bool events = false;      // tell events
  bool cumulative = false;  // deltas may repeat all that came before them
  bool strict = false;      // what is ambiguous fails
};

class assembly {
 public:
  assembly() = default;
  assembly(const assembly&) = delete;
  assembly& operator=(const assembly&) = delete;
  ~assembly() { clear(); }

  void clear();

  /// Adds the chunk that is at `root` on the tape of `from`, which decoded it with its sources.
  /// False: no memory, or a limit was passed; `from` has been told.
  [[nodiscard]] bool add(decoder& from, std::uint32_t root, const limits& most,
                         const assembly_options& options);
  /// The choice that the chunk at `root`, which was added last, is about: a node, 0 where there is
  /// none or several.
  std::uint32_t choice_of(const decoder& from, std::uint32_t root) const;
  /// Where the texts of an event go that is like one that was added: nodes.
  struct repeat_target {
    std::uint32_t choice = 0;
    std::uint32_t text[5] = {};
    std::uint32_t logprobs = 0;
  };
  /// Where the texts of events go that are like the one at `root`, which was added last; `with`
  /// says which texts it has, by their bits. False: they need a closer look.
  bool find_target(decoder& from, std::uint32_t root, std::uint32_t with, repeat_target& to);
  /// Whether arguments that begin as JSON does only go on with those that came: these are JSON that
  /// is not whole.
  bool go_on(const repeat_target& to);
  /// What such an event says. Texts and objects are at words of the tape; 0: there is none.
  struct repeated {
    /// Where in the bytes it stands.
    struct span {
      std::uint32_t from;
      std::uint32_t to;
    };
    /// A member that no model knows: of the chunk (0), the choice (1), the delta (2).
    struct unknown_member {
      std::uint32_t of;
      std::uint32_t node;
      span source;
    };

    const char* bytes = nullptr;
    std::uint32_t texts = 0;  // a bit for each, by its number
    span text[5];
    std::uint32_t word[5];
    bool is_text = true;  // that is all
    std::uint32_t logprobs = 0;
    std::uint32_t usage = 0;
    span usage_source;
    std::uint32_t members[3] = {};  // others of the same objects, in one that has only them
    std::uint32_t unknown_count = 0;
    unknown_member unknown[8];

    std::string_view at(span of) const { return {bytes + of.from, of.to - of.from}; }
  };
  /// Adds it. False: no memory.
  [[nodiscard]] bool repeat(decoder& from, const repeat_target& to, const repeated& parts,
                            const assembly_options& options);
  /// The node of a member that no model knows, of the chunk (0), of a choice (1) or of its delta
  /// (2), or 0; and whether it adds something each time it comes.
  std::uint32_t unknown_of(std::uint32_t choice, std::uint32_t which, std::string_view name,
                           bool& adds_up) const;
  std::uint64_t held_bytes() const { return held_; }

  /// Tells the events that were held back until the end.
  void finish(decoder& from, const assembly_options& options);

  /// The events of the chunks since `clear_events`.
  const tape::growable<event_record, 16>& events() const { return events_; }
  void clear_events() { events_.clear(); }

  /// The completion so far as wire JSON. False: no memory. Without `makes_ids`, tool calls that
  /// have no id get none.
  [[nodiscard]] bool write(piece& to, bool makes_ids) const;
  /// Whether every choice is over, and there is one.
  bool is_over() const;
  /// Whether the choice with this index is over; whether it was cut for its length.
  bool is_over(double choice_index) const;
  bool is_cut(double choice_index) const;
  bool has_choices() const { return first_choice() != 0; }
  std::uint32_t usage_updates() const { return usage_updates_; }
  /// Reports what only the end shows: what never came, what was cut off.
  void report_end(decoder& to, std::uint64_t offset);

  /// Text that is still coming, as it stood between quotes.
  struct coming_text {
    std::string_view text{};     // null data: there is none
    std::uint32_t restarts = 0;  // how often it began anew
  };
  static constexpr std::uint32_t content = 0xFFFFFFFFU;
  /// The content of the choice with this index, or the arguments of a tool call by its position in
  /// the choice's message.
  coming_text text_of(double choice_index, std::uint32_t tool_call) const;
  /// Where tool calls' ids were made up, these flags belong on the tape of the completion that was
  /// decoded from `write`.
  void mark_made_up(decoder& decoded, std::uint32_t root) const;

 private:
  using view = std::string_view;

  /// How a value is held.
  enum class form : std::uint8_t {
    none,   // nothing that would be written
    value,  // as it is; no text: null
    text,   // the inside of a string
    list,   // the inside of an array
    parts,  // the same of content, whose last part may go on
    whole,  // a message that came whole: an object that its deltas go into
    object,
    items,  // an array of objects
  };
  /// What would end the last part of a content.
  enum class open_part : std::uint8_t { none, text, thinking, thinking_between };

  /// A member of an object or an element of an array, and what came of its value.
  struct node {
    piece text;
    piece name;               // of members that no model knows, as it stood
    std::uint32_t next = 0;   // in the object or the array
    std::uint32_t first = 0;  // of its own members or elements
    std::uint32_t last = 0;
    std::uint32_t array = 0;     // of a tool call: the last array that had a fragment of it
    std::uint32_t told = 0;      // how much of the text events have told
    std::uint32_t restarts = 0;  // how often the text began anew
    std::uint32_t delta = 0;     // cumulative deltas: the length of the last one
    std::uint32_t repeats = 0;   // ... how many in a row repeated what came before
    double index = 0;            // of an item; NaN: it has none
    json_progress progress;      // of arguments
    std::uint8_t slot = unknown;
    form as = form::none;
    open_part open{};
    bool said = false;       // something other than null, "", [] and {} came
    bool is_over = false;    // a choice: it has a finish reason, or its sound is complete
    bool is_told = false;    // what there is to tell of it was told
    bool cumulates = false;  // its deltas are certain to repeat
  };
  // Unknown members of a choice of which each one counts, not only the last.
  static constexpr view whole_message = "message";
  static constexpr view usage_of_choice = "usage";
  // In place of slots.
  static constexpr std::uint8_t unknown = 0xFF;
  static constexpr std::uint8_t element = 0xFE;
  // Node 0 is none: what is left to write to where there is no memory.
  static constexpr std::uint32_t top = 1;  // the chunk itself
  static constexpr std::uint32_t choices = 2;
  // What choices and tool calls have from the beginning comes right after them.
  static constexpr std::uint32_t index_node = 1;  // of a choice
  static constexpr std::uint32_t message_node = 2;
  static constexpr std::uint32_t whole_node = 3;
  static constexpr std::uint32_t role_node = 4;
  static constexpr std::uint32_t id_node = 1;  // of a tool call
  static constexpr std::uint32_t function_node = 2;
  static constexpr std::uint32_t name_node = 3;
  static constexpr std::uint32_t arguments_node = 4;

  /// What one element of `tool_calls` says; texts are insides of strings.
  struct fragment {
    double index = 0;  // NaN: it has none
    std::uint32_t position = 0;
    view source{};
    view id{};
    view name{};
    view arguments{};  // of a function, or the input of a custom tool
  };

  // assembly.cpp
  [[gnu::noinline]] void begin(decoder& from, const assembly_options& options, const place& where);
  void join_choice(std::uint32_t object, std::uint32_t position);
  std::uint32_t find_choice(double index, bool made_up);
  void append_number(std::uint32_t at, double value);
  void join_delta(std::uint32_t at, std::uint32_t object, view source);
  void join_reason(std::uint32_t at, view reason);
  void join_object(std::uint32_t into, std::uint32_t object, models::model of);
  void join_member(std::uint32_t at, bool is_top, std::uint32_t object,
                   const models::table_object& schema, std::uint32_t slot, rule by, bool holds);
  void join_elements(std::uint32_t list, std::uint32_t at_word, models::model of);
  void join_unknown(std::uint32_t into, view source, bool pieces, std::uint32_t at = 0);
  void join_message(view message);
  void join_usage();
  void join_value(std::uint32_t at, rule by, view value);
  std::uint32_t find(std::uint32_t in, std::uint32_t slot, view name = {}) const;
  std::uint32_t member(std::uint32_t in, std::uint32_t slot, view name = {});
  std::uint32_t push(std::uint32_t slot, form as);
  std::uint32_t make(std::uint32_t in, std::uint32_t slot, form as = form::none);
  void become(std::uint32_t at, form as);
  void append(std::uint32_t at, view more);
  void restart(std::uint32_t at);
  void assign(std::uint32_t at, view value) {
    restart(at);
    append(at, value);
  }

  // deltas.cpp
  void join_text(std::uint32_t at, std::uint32_t slot, std::uint32_t at_word, view source);
  view without_repetition(std::uint32_t at, view text, view source);
  void append_text(std::uint32_t at, view text);
  void join_parts(std::uint32_t at, std::uint32_t at_word);
  void tell_thoughts(std::uint32_t list);
  bool has_only(std::uint32_t object, std::uint32_t first, std::uint32_t second) const;
  void join_part(std::uint32_t at, std::uint32_t part);
  void begin_part(std::uint32_t at, view start, open_part open);
  static view end_of(open_part open);
  void begin_thought(std::uint32_t at);
  void join_thinking(std::uint32_t at, std::uint32_t part);
  void end_thinking(std::uint32_t at, std::uint32_t part);
  void join_item(std::uint32_t list, std::uint32_t object, models::model of);
  void drop_repeated(std::uint32_t at, view text);
  std::uint32_t find_item(std::uint32_t list, double index, view type) const;
  bool has_text(std::uint32_t in, std::uint32_t slot, view text) const;
  std::uint32_t find_detail(std::uint32_t list, std::uint32_t object, double index) const;

  // tool_calls.cpp
  view text_in(std::uint32_t object, models::model of, std::uint32_t slot) const;
  void join_tool_call(std::uint32_t list, std::uint32_t object, std::uint32_t position);
  std::uint32_t position_of(std::uint32_t list, std::uint32_t call) const;
  std::uint32_t make_call(std::uint32_t list, const fragment& of);
  void make_id(std::uint32_t at, const fragment& of);
  bool has_id(std::uint32_t call, view id) const;
  std::uint32_t find_call_by_id(std::uint32_t list, view id) const;
  std::uint32_t find_last_call(std::uint32_t list, double index) const;
  std::uint32_t find_call(std::uint32_t list, const fragment& of);
  std::uint32_t find_known_call(std::uint32_t list, const fragment& of);
  bool goes_on(std::uint32_t call, const fragment& of);
  bool begins_another(std::uint32_t call, const fragment& of);
  bool is_whole(std::uint32_t arguments);
  void join_id(std::uint32_t at, const fragment& of);
  bool join_name(std::uint32_t call, const fragment& of);
  std::uint32_t join_arguments(std::uint32_t at, const fragment& of);
  void report_call(issue_code code, const fragment& of);
  view escape_json(view json);

  // repeats.cpp
  void repeat_texts(const repeat_target& to, const repeated& parts);
  void repeat_unknown(const repeated& parts, std::uint32_t of, std::uint32_t into);

  // events.cpp
  void tell(event_kind kind, std::uint32_t at_word, std::uint32_t tool_call = 0,
            std::uint32_t name = 0);
  std::uint32_t text_word(view escaped);
  void tell_call(std::uint32_t call, std::uint32_t position, std::uint32_t added,
                 std::uint32_t at_word, bool is_due, bool is_end);
  void tell_untold(std::uint32_t at, event_kind kind, bool is_end);
  void tell_held(std::uint32_t choice);

  // completion.cpp
  struct writer;
  void write(writer& to, std::uint32_t at, const models::table_object& schema) const;
  bool has_members(std::uint32_t in, std::uint32_t slot) const;
  void report_calls(decoder& to, std::uint64_t offset, std::uint32_t list, bool is_cut,
                    const place& where_choice);

  // Shared by all of them: the tape of the chunk at hand, and what is wrong with it.
  std::uint32_t word(std::uint32_t at) const { return from_->words()[at]; }
  std::uint32_t child(std::uint32_t object, std::uint32_t slot) const {
    return word(decoder::slot_word(object, slot));
  }
  double number(std::uint32_t object, std::uint32_t slot) const;  // NaN: there is none
  view source(std::uint32_t object, models::model of, std::uint32_t slot) const {
    return from_->source(object, merged_object(of), slot);
  }
  view clean(view value);
  std::uint32_t offset_of(view source) const;
  void report(issue_code code, view name, view source);
  void report(issue_code code, severity grade, const place& where, view source, const char* limit);
  void fail(const place& where, const char* limit, view source);

  std::uint32_t first_choice() const { return nodes_.size() == 0 ? 0 : nodes_[choices].first; }
  std::uint32_t choice_at(double index) const;
  view text_at(std::uint32_t at) const { return nodes_[at].text.view(); }

  tape::growable<node, 4> nodes_;
  tape::growable<event_record, 16> events_;
  tape::growable<std::uint8_t> scratch_;
  std::uint64_t held_ = 0;
  std::uint32_t usage_updates_ = 0;
  std::uint32_t arrays_ = 0;  // of fragments of tool calls, so far
  bool told_id_ = false;
  bool failed_ = false;

  // Of the chunk at hand:
  decoder* from_ = nullptr;
  const limits* most_ = nullptr;
  assembly_options options_;
  const place* where_ = nullptr;  // the choice, or the chunk
  view source_{};                 // the same
  view usage_{};                  // that counts
  view choice_usage_{};           // that is in a choice
  std::uint32_t usage_word_ = 0;
  std::uint32_t choice_ = 0;    // 0: none
  std::uint32_t reasoned_ = 0;  // how many events there were before those of the reasoning
  bool quiet_ = false;          // what comes was told under another name
};

}  // namespace chatwire::assembly
