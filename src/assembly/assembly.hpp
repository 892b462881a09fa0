// Puts the chunks of a stream together: what they say of each choice, channel by channel, as it
// stood on the wire. Only appends; strings and objects are made when somebody asks for them.
//
//   assembly.cpp    chunks and choices
//   deltas.cpp      what a delta adds to a message
//   tool_calls.cpp  which tool call a fragment is of
//   content.cpp     text and parts
//   members.cpp     all other members, by rules
//   completion.cpp  the completion as JSON
#pragma once

#include <cstdint>
#include <string_view>

#include "assembly/content.hpp"
#include "assembly/members.hpp"
#include "assembly/tool_calls.hpp"
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

/// A list of items that are told apart by an index: pieces of reasoning, tools that ran.
struct item {
  member_list members;
  std::uint32_t next = 0;
  bool has_index = false;
  double index = 0;
};
struct item_list {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t count = 0;
};

/// Whether the deltas of a text repeat all that came before them.
struct repetition {
  std::uint32_t told = 0;   // how much of the text events have told
  std::uint32_t last = 0;   // the length of the last delta
  std::uint32_t count = 0;  // how many in a row did
  bool is_certain = false;
};

/// A choice so far.
struct choice {
  double index = 0;
  content text;
  member_list members;  // of the choice
  member_list logprobs;
  member_list message;
  member_list audio;
  member_list function_call;
  item_list reasoning_details;
  item_list executed_tools;
  tool_list tools;
  piece finish_reason;
  piece whole_message;  // that came in a chunk, in place of deltas
  repetition text_repetition;
  repetition reasoning_repetition;
  repetition reasoning_content_repetition;
  bool made_up_index = false;
  bool has_delta = false;
  bool has_logprobs = false;
  bool null_logprobs = false;
  bool sent_finish_reason = false;
  bool is_over = false;    // it has a finish reason, or its sound is complete
  bool told_late = false;  // that deltas follow the finish reason
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
  /// Where the texts of an event go that is like one that was added.
  struct repeat_target {
    std::uint32_t choice = 0;
    std::uint32_t text[4] = {};  // the members of reasoning, reasoning_content and refusal
    std::uint32_t tool_call = 0;
  };
  /// Where the texts of events go that are like the one at `root`, which was added last; `with`
  /// says which texts it has, by their bits. False: they need a closer look.
  bool find_target(const decoder& from, std::uint32_t root, std::uint32_t with,
                   repeat_target& to) const;
  /// Adds such a text, `what` by its number; `word` is its cell on the tape. False: no memory.
  [[nodiscard]] bool repeat(decoder& from, const repeat_target& to, std::uint32_t what,
                            std::string_view text, std::uint32_t word,
                            const assembly_options& options);
  /// Whether arguments need a closer look: they may begin anew.
  static bool begins_arguments(std::string_view text);
  std::uint64_t held_bytes() const { return held(); }

  /// Tells the events that were held back until the end.
  void finish(decoder& from, const assembly_options& options);

  /// The events of the chunks since `clear_events`.
  const tape::growable<event_record, 16>& events() const { return events_; }
  void clear_events() { events_.clear(); }

  /// The completion so far as wire JSON. False: no memory.
  /// Without `makes_ids`, tool calls that have no id get none.
  [[nodiscard]] bool write(piece& to, bool makes_ids) const;
  /// Whether every choice is over, and there is one.
  bool is_over() const;
  /// Whether the choice with this index is over; whether it was cut for its length.
  bool is_over(double choice_index) const;
  bool is_cut(double choice_index) const;
  std::uint32_t choice_count() const { return choices_.size(); }
  std::uint32_t usage_updates() const { return usage_updates_; }
  /// Reports what only the end shows: what never came, what was cut off.
  void report_end(decoder& to, std::uint64_t offset);

  /// Text that is still coming, as it stood between quotes.
  struct coming_text {
    std::string_view text{};     // null data: there is none
    std::uint32_t restarts = 0;  // how often it began anew
  };
  /// The content of the choice with this index.
  coming_text content_of(double choice_index) const;
  /// The arguments of a tool call, by its position in the choice's message.
  coming_text arguments_of(double choice_index, std::uint32_t tool_call) const;
  /// Where tool calls' ids were made up, these flags belong on the tape of the completion that was
  /// decoded from `write`.
  void mark_made_up(decoder& decoded, std::uint32_t root) const;

 private:
  struct context;

  bool add_choices(context& at, std::uint32_t root);
  bool add_usage(context& at, std::uint32_t root);
  bool add_choice(context& at, std::uint32_t object);
  choice* find_choice(context& at, double index, bool made_up);
  bool add_delta(context& at, std::uint32_t delta);
  bool add_content(context& at, std::uint32_t delta);
  bool add_text(context& at, std::uint32_t delta, std::uint32_t slot, event_kind kind);
  bool add_tool_calls(context& at, std::uint32_t delta);
  bool add_tool_call(context& at, std::uint32_t object, std::uint32_t position);
  bool add_items(context& at, item_list& to, std::uint32_t delta, std::uint32_t slot);
  bool add_finish_reason(context& at, std::uint32_t object);
  bool add_whole_message(context& at, std::uint32_t object);
  item* make_item(item_list& in);
  item* find_item(const item_list& in, bool has_index, double index, std::string_view type);
  item* find_detail(const context& at, const item_list& in, std::uint32_t object, bool has_index,
                    double index);
  void drop_repeated_detail(context& at, const item& of, std::uint32_t object);
  std::uint64_t make_id(const tool_fragment& fragment, std::uint64_t place) const;
  std::string_view escape_json(std::string_view json);
  std::string_view without_repetition(context& at, repetition& state, std::string_view all,
                                      std::string_view text, std::string_view source,
                                      bool& restarts);
  void tell(context& at, event_kind kind, std::uint32_t word, std::uint32_t tool_call = 0,
            std::uint32_t name = 0);
  void tell_tool_call(context& at, const placed& made, std::uint32_t arguments_word);
  void tell_held(context& at, choice& of);
  void tell_new(context& at, event_kind kind, repetition& state, std::string_view all,
                bool is_end = false);
  std::uint32_t text_word(decoder& on, std::string_view escaped);
  bool fail_memory(context& at);
  std::string_view clean(context& at, std::string_view value);
  std::uint64_t held() const;
  const choice* choice_at(double index) const;

  // completion.cpp
  bool write_choice(piece& to, const choice& of, bool first, bool makes_ids) const;
  bool write_message(piece& to, const choice& of, bool makes_ids) const;
  bool write_tool_calls(piece& to, const tool_list& list, bool makes_ids) const;
  bool write_rest_of_message(piece& to, const choice& of, bool& first) const;
  bool write_items(piece& to, const item_list& list, models::model of) const;
  const choice* choice_after(const choice* before) const;
  choice* choice_after(const choice* before) {
    return const_cast<choice*>(static_cast<const assembly*>(this)->choice_after(before));
  }
  void report_tool_calls(decoder& to, std::uint64_t offset, const choice& of,
                         const place& where_choice);
  bool write_members(piece& to, const member_list& list, const models::table_object& schema,
                     bool& first) const;

  member_list top_;
  member_list x_groq_;
  piece usage_;
  member_store members_;
  tool_store tools_;
  tape::growable<choice, 1> choices_;
  tape::growable<item, 4> items_;  // the first one is none
  tape::growable<event_record, 16> events_;
  tape::growable<std::uint8_t> scratch_;
  std::uint32_t usage_updates_ = 0;
  bool has_x_groq_ = false;
  bool has_usage_ = false;  // if only null
  bool told_id_ = false;
  std::uint64_t held_ = 0;
};

}  // namespace chatwire::assembly
