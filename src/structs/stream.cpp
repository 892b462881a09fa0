#include "chatwire/stream.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iterator>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

#include "stream/stream.hpp"
#include "structs/from_tape.hpp"
#include "structs/generated/descriptions.hpp"
#include "structs/issues.hpp"
#include "structs/like_chunks.hpp"
#include "structs/outcome.hpp"
#include "structs/partial_value.hpp"
#include "text/utf8.hpp"

namespace chatwire {
namespace {

// Reads are taken in slices, so that one that is a whole file takes no more memory than others.
constexpr std::size_t slice_bytes = 64U << 10U;
// What a buffer may keep from one stream to the next.
constexpr std::uint32_t kept_bytes = 4U << 20U;

stream_options stream_options_of(const stream_decode_options& options) {
  stream_options how;
  how.decode = structs::decoder_options_of(options, body_kind::chunk);
  how.skip_bad_events = options.skip_bad_events;
  how.cumulative = options.cumulative_deltas;
  return how;
}

// The words of the tape that an event points to, as structs.
stream_event read_event(const tape::view& tape, const assembly::event_record& from) {
  const auto text = [&tape](std::uint32_t word) {
    return word == 0 ? std::string() : std::string(tape.text(word));
  };
  switch (from.kind) {
    case assembly::event_kind::text:
      return text_event{from.choice, text(from.word)};
    case assembly::event_kind::reasoning:
      return reasoning_event{from.choice, text(from.word)};
    case assembly::event_kind::refusal:
      return refusal_event{from.choice, text(from.word)};
    case assembly::event_kind::tool_call:
      return tool_call_event{from.choice, from.tool_call, text(from.word), text(from.name)};
    case assembly::event_kind::tool_call_arguments:
      return tool_call_arguments_event{from.choice, from.tool_call, text(from.word)};
    case assembly::event_kind::usage:
      break;
  }
  usage_event made;
  if (from.word != 0) structs::read_object(tape, from.word, made.usage);
  return made;
}

// The text of an event that has one, or null.
std::string* text_of(stream_event& event) {
  return std::visit(
      [](auto& one) -> std::string* {
        if constexpr (requires { one.text; }) return &one.text;
        return nullptr;
      },
      event);
}

// Whether the texts of two events are pieces of one.
bool are_of_one_text(const stream_event& a, const stream_event& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& one) {
        const auto& other = std::get<std::decay_t<decltype(one)>>(b);
        bool same = false;
        if constexpr (requires { one.text; }) same = one.choice == other.choice;
        if constexpr (requires { one.tool_call; }) same = same && one.tool_call == other.tool_call;
        return same;
      },
      a);
}

constexpr std::size_t half_bytes = 3;  // of a surrogate in WTF-8

// Whether a text has half a surrogate pair at this place: the first half, or the second.
bool has_half(std::string_view text, std::size_t at, bool second) {
  if (at > text.size() || text.size() - at < half_bytes || text[at] != '\xED') return false;
  const auto byte = static_cast<unsigned char>(text[at + 1]);
  return second ? byte >= 0xB0 : byte >= 0xA0 && byte < 0xB0;
}
bool ends_in_half(std::string_view text) {
  return text.size() >= half_bytes && has_half(text, text.size() - half_bytes, false);
}

// A text after the half that waited for it.
std::string joined(const std::string& half, const std::string& text) {
  if (!has_half(text, 0, true)) return half + text;
  const auto bits = [](std::string_view of) {
    return (static_cast<std::uint32_t>(of[1]) & 0xFU) << 6U |
           (static_cast<std::uint32_t>(of[2]) & 0x3FU);
  };
  std::uint8_t bytes[4];
  const std::uint32_t size = text::write_utf8(0x10000U + (bits(half) << 10U) + bits(text), bytes);
  std::string made(reinterpret_cast<const char*>(bytes), size);
  return made.append(text, half_bytes);
}

issue memory_issue() {
  issue made;
  made.code = issue_code::LIMIT;
  made.severity = severity::error;
  made.message = "a limit was passed: expected memory, received more (byte 0)";
  made.expected = "memory";
  made.received = "more";
  return made;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

arguments_state state_of(decoder& with, std::string_view arguments, std::string_view reason) {
  // A tool that takes no arguments may get none.
  if (is_blank(arguments))
    return reason.empty() || reason == "length" ? arguments_state::truncated
                                                : arguments_state::complete;
  decoder_options how;
  how.kind = body_kind::json;
  how.surrogates_in_input = true;
  const decoded outcome = with.decode(arguments, how);
  if (!outcome.ok)
    return outcome.failure == issue_code::TRUNCATED ? arguments_state::truncated
                                                    : arguments_state::invalid;
  // A number might have gone on.
  return structs::view_of(with).is_number(outcome.root) ? arguments_state::truncated
                                                        : arguments_state::complete;
}

}  // namespace

class stream_decoder::work {
 public:
  explicit work(const stream_decode_options& options)
      : collects_(options.collect), core_(stream_options_of(options)) {}

  /// Takes bytes, or their end. `Made` is a vector of chunks or of events, or how many chunks
  /// `visit` was called with.
  template <class Made, class... Visit>
  result<Made> take(const std::string_view* bytes, bool broken, const Visit&... visit);

  result<chat_completion> completion();
  chat_completion snapshot() {
    decoded outcome;
    return snapshot(outcome);
  }
  std::vector<streamed_tool_call> tool_calls();
  std::optional<partial_json_view> partial(std::int64_t choice, std::size_t tool_call);
  void reset();

  status state() const {
    return failed_outside_ ? status::failed : static_cast<status>(core_.state());
  }
  const stream& core() const { return core_; }
  const std::vector<issue>& issues() const { return noticed_; }

  static constexpr std::size_t content = ~std::size_t{0};  // in place of a tool call

 private:
  chat_completion snapshot(decoded& outcome);
  tape::view tape_of_read() const;
  template <class Like, class Other>
  void read_chunks(const tape::view& tape, const Like& like, const Other& other);
  void read(std::vector<chat_completion_chunk>& to);
  void read(std::size_t& count, const visitor& visit);
  void read(std::vector<stream_event>& to);
  void add_whole(std::vector<stream_event>& to, stream_event&& event);
  void conclude_read(std::vector<issue>& noticed);
  void fail_outside(std::vector<issue>& noticed);

  std::uint64_t received_ = 0;  // bytes
  bool collects_;
  bool failed_outside_ = false;  // for a reason that the core does not know of
  stream_workspace space_;
  stream core_;
  std::vector<stream_event> halves_;  // of surrogate pairs, which wait for their other halves
  std::array<structs::like_model, stream::most_likes> models_;  // chunks that others are like
  std::exception_ptr thrown_;  // by what the chunks of this read are shown to
  std::vector<issue> noticed_;
  std::optional<failure> why_;
  // Nodes of a map stay where they are, which values with pointers into themselves need.
  std::map<std::pair<std::int64_t, std::size_t>, structs::partial_value> trees_;
};

static_assert(static_cast<int>(stream_decoder::status::failed) ==
              static_cast<int>(stream_state::failed));

// Events that are like the one before are not decoded: their text may be beyond the decoder's
// input.
tape::view stream_decoder::work::tape_of_read() const {
  tape::view tape = structs::view_of(space_.decode);
  tape.input = {tape.input.data(), static_cast<std::size_t>(received_ - space_.decode.base())};
  return tape;
}

// `like` is given the chunk that a chunk is like and the word of its parts; `other` is given the
// word of any other chunk, and gives it.
template <class Like, class Other>
void stream_decoder::work::read_chunks(const tape::view& tape, const Like& like,
                                       const Other& other) {
  for (std::uint32_t i = 0; i < core_.chunks().size(); ++i) {
    const std::uint32_t chunk = core_.chunks()[i];
    const std::uint32_t word = chunk & stream::word_mask;
    structs::like_model& model = models_[(chunk >> stream::like_shift) % stream::most_likes];
    if ((chunk & stream::is_like) != 0) {
      like(model, word);
      continue;
    }
    const chat_completion_chunk& made = other(word);
    if ((chunk & stream::is_model) != 0) model = structs::model_of(tape, word, made);
  }
}

void stream_decoder::work::read(std::vector<chat_completion_chunk>& to) {
  const tape::view tape = tape_of_read();
  if (to.empty()) to.reserve(core_.chunks().size());
  read_chunks(
      tape,
      [&](const structs::like_model& model, std::uint32_t word) {
        structs::read_parts(tape, word, model, to.emplace_back(model.chunk));
      },
      [&](std::uint32_t word) -> const chat_completion_chunk& {
        structs::read_object(tape, word, to.emplace_back());
        return to.back();
      });
}

void stream_decoder::work::read(std::size_t& count, const visitor& visit) {
  const tape::view tape = tape_of_read();
  const auto show = [&](const chat_completion_chunk& chunk) {
    if (thrown_ != nullptr) return;
    ++count;
    try {
      visit(chunk);
    } catch (...) {
      thrown_ = std::current_exception();
    }
  };
  chat_completion_chunk made;
  read_chunks(
      tape,
      [&](structs::like_model& model, std::uint32_t word) {
        structs::read_parts(tape, word, model, model.chunk);
        show(model.chunk);
      },
      [&](std::uint32_t word) -> const chat_completion_chunk& {
        made = chat_completion_chunk();
        structs::read_object(tape, word, made);
        show(made);
        return made;
      });
}

void stream_decoder::work::read(std::vector<stream_event>& to) {
  const tape::view tape = tape_of_read();
  for (std::uint32_t i = 0; i < core_.events().size(); ++i)
    add_whole(to, read_event(tape, core_.events()[i]));
  if (state() == status::open) return;
  std::move(halves_.begin(), halves_.end(), std::back_inserter(to));
  halves_.clear();
}

// Lets half a surrogate pair at the end of a text wait for the other one.
void stream_decoder::work::add_whole(std::vector<stream_event>& to, stream_event&& event) {
  std::string* const text = text_of(event);
  if (text != nullptr) {
    const auto waiting =
        std::find_if(halves_.begin(), halves_.end(),
                     [&event](const stream_event& one) { return are_of_one_text(one, event); });
    if (waiting != halves_.end()) *text = joined(*text_of(*waiting), *text);
    if (ends_in_half(*text)) {
      stream_event& half = waiting != halves_.end() ? *waiting : halves_.emplace_back(event);
      *text_of(half) = text->substr(text->size() - half_bytes);
      text->resize(text->size() - half_bytes);
    } else if (waiting != halves_.end()) {
      halves_.erase(waiting);
    }
    if (text->empty()) return;
  }
  to.push_back(std::move(event));
}

// What else the core has left of a read: its issues, and why it failed.
void stream_decoder::work::conclude_read(std::vector<issue>& noticed) {
  const bool fails =
      core_.state() == stream_state::failed || core_.state() == stream_state::truncated;
  std::vector<issue> issues;
  if (space_.decode.issue_count() != 0) issues = structs::read_issues(space_.decode.issues());
  // Errors of events that were left out did not end the stream.
  for (issue& one : issues)
    if (one.severity == severity::error && (!fails || one.event != issues.back().event))
      one.severity = severity::warning;
  if (fails) why_ = structs::failure_of(core_.failure(), structs::view_of(space_.decode), issues);
  // The first ones are kept, and why it failed.
  std::copy_if(issues.begin(), issues.end(), std::back_inserter(noticed_), [&](const issue& one) {
    return noticed_.size() < issue_log::most || (fails && one.severity == severity::error);
  });
  std::move(issues.begin(), issues.end(), std::back_inserter(noticed));
}

void stream_decoder::work::fail_outside(std::vector<issue>& noticed) {
  failed_outside_ = true;
  const issue why = memory_issue();
  why_.emplace();
  why_->code = why.code;
  why_->message = why.message;
  noticed_.push_back(why);
  noticed.push_back(why);
}

template <class Made, class... Visit>
result<Made> stream_decoder::work::take(const std::string_view* bytes, bool broken,
                                        const Visit&... visit) {
  constexpr bool events = std::is_same_v<Made, std::vector<stream_event>>;
  const stream_wants wants = events      ? stream_wants::events
                             : collects_ ? stream_wants::nothing
                                         : stream_wants::chunks;
  result<Made> made;
  std::vector<issue> noticed;
  const auto is_open = [this] { return state() == status::open; };
  const std::string_view given = bytes == nullptr ? std::string_view() : *bytes;
  for (std::size_t from = 0; from < given.size() && is_open(); from += slice_bytes) {
    const std::string_view slice = given.substr(from, slice_bytes);
    const auto size = static_cast<std::uint32_t>(slice.size());
    std::uint8_t* const to = core_.input(space_, size);
    if (to == nullptr) {
      fail_outside(noticed);
      break;
    }
    std::memcpy(to, slice.data(), size);
    received_ += size;
    core_.feed(space_, size, wants);
    read(made.value(), visit...);
    conclude_read(noticed);
  }
  if (bytes != nullptr && state() == status::complete && !given.empty()) {
    failure over;
    over.code = issue_code::STREAM_OVER;
    over.offset = received_;
    over.message = "the stream has ended";
    made.fail(std::move(over));
  }
  if (bytes == nullptr && is_open()) {
    core_.finish(space_, wants, broken);
    read(made.value(), visit...);
    conclude_read(noticed);
  }
  if (thrown_ != nullptr) std::rethrow_exception(std::exchange(thrown_, nullptr));
  made.set_issues(std::move(noticed));
  if (why_.has_value()) made.fail(failure(*why_));
  return made;
}

// Of a complete stream it is checked, and has the nulls that the contract asks for.
chat_completion stream_decoder::work::snapshot(decoded& outcome) {
  outcome = core_.complete(space_, state() == status::complete);
  chat_completion made;
  if (outcome.root != 0) structs::read_object(structs::view_of(space_.decode), outcome.root, made);
  return made;
}

result<chat_completion> stream_decoder::work::completion() {
  decoded outcome;
  result<chat_completion> made;
  made.value() = snapshot(outcome);
  std::vector<issue> issues = noticed_;
  if (why_.has_value()) {
    made.fail(failure(*why_));
  } else if (state() == status::complete && !outcome.ok) {
    std::vector<issue> own = structs::read_issues(space_.decode.issues());
    made.fail(structs::failure_of(outcome, structs::view_of(space_.decode), own));
    std::copy_if(own.begin(), own.end(), std::back_inserter(issues),
                 [](const issue& one) { return one.severity == severity::error; });
  }
  made.set_issues(std::move(issues));
  return made;
}

std::vector<streamed_tool_call> stream_decoder::work::tool_calls() {
  const chat_completion so_far = snapshot();
  const bool whole = state() == status::complete;
  std::vector<streamed_tool_call> made;
  std::int64_t position = 0;
  for (const choice& of : so_far.choices) {
    const std::int64_t index = of.index.value_or(position++);
    if (!of.message.has_value() || !of.message->tool_calls.has_value()) continue;
    const std::vector<tool_call>& calls = *of.message->tool_calls;
    const std::string reason = of.finish_reason.value_or("");
    const bool may_go_on = !whole && reason.empty();
    for (const tool_call& call : calls) {
      streamed_tool_call& told = made.emplace_back();
      told.choice = index;
      told.tool_call = static_cast<std::size_t>(&call - calls.data());
      if (!call.id_synthetic) told.id = call.id.value_or("");
      if (call.function.has_value()) {
        told.name = call.function->name.value_or("");
        told.arguments = call.function->arguments.value_or("");
      } else if (call.custom.has_value()) {
        told.name = call.custom->name.value_or("");
        told.arguments = call.custom->input.value_or("");
      }
      told.state = call.custom.has_value() ? arguments_state::complete
                                           : state_of(space_.decode, told.arguments, reason);
      if (may_go_on && &call == &calls.back() && told.state == arguments_state::complete)
        told.state = arguments_state::truncated;
    }
  }
  return made;
}

std::optional<partial_json_view> stream_decoder::work::partial(std::int64_t choice,
                                                               std::size_t tool_call) {
  const auto index = static_cast<double>(choice);
  const partial_json* told = nullptr;
  if (tool_call == content) {
    told = core_.partial_content(space_, index);
  } else if (tool_call < 0xFFFFFFFFU) {
    told = core_.partial_arguments(space_, index, static_cast<std::uint32_t>(tool_call));
  }
  auto tree = trees_.find({choice, tool_call});
  if (told != nullptr) {
    if (tree == trees_.end()) tree = trees_.try_emplace({choice, tool_call}).first;
    tree->second.apply(space_.partial);
  }
  if (tree == trees_.end()) return std::nullopt;
  const structs::partial_value& made = tree->second;
  return partial_json_view{made.value(), made.has_value(), made.complete()};
}

void stream_decoder::work::reset() {
  core_.reset();
  space_.partial.clear();
  space_.shrink(kept_bytes);
  received_ = 0;
  failed_outside_ = false;
  halves_.clear();
  noticed_.clear();
  why_.reset();
  trees_.clear();
}

// ---- The class that callers see -----------------------------------------------------------------

stream_decoder::stream_decoder(const stream_decode_options& options)
    : work_(std::make_unique<work>(options)) {}
stream_decoder::~stream_decoder() = default;
stream_decoder::stream_decoder(stream_decoder&&) noexcept = default;
stream_decoder& stream_decoder::operator=(stream_decoder&&) noexcept = default;

result<std::vector<chat_completion_chunk>> stream_decoder::feed(std::string_view bytes) {
  return work_->take<std::vector<chat_completion_chunk>>(&bytes, false);
}
result<std::vector<chat_completion_chunk>> stream_decoder::finish(bool broken) {
  return work_->take<std::vector<chat_completion_chunk>>(nullptr, broken);
}
result<std::size_t> stream_decoder::each(const std::string_view* bytes, bool broken,
                                         visitor visit) {
  return work_->take<std::size_t>(bytes, broken, visit);
}
result<std::vector<stream_event>> stream_decoder::feed_events(std::string_view bytes) {
  return work_->take<std::vector<stream_event>>(&bytes, false);
}
result<std::vector<stream_event>> stream_decoder::finish_events(bool broken) {
  return work_->take<std::vector<stream_event>>(nullptr, broken);
}

result<chat_completion> stream_decoder::completion() { return work_->completion(); }
chat_completion stream_decoder::snapshot() { return work_->snapshot(); }
std::vector<streamed_tool_call> stream_decoder::tool_calls() { return work_->tool_calls(); }

std::optional<partial_json_view> stream_decoder::partial_arguments(std::int64_t choice,
                                                                   std::size_t tool_call) {
  if (tool_call == work::content) return std::nullopt;
  return work_->partial(choice, tool_call);
}
std::optional<partial_json_view> stream_decoder::partial_content(std::int64_t choice) {
  return work_->partial(choice, work::content);
}

stream_decoder::status stream_decoder::state() const { return work_->state(); }
bool stream_decoder::done() const { return work_->core().is_done(); }
std::size_t stream_decoder::heartbeats() const { return work_->core().heartbeats(); }
std::size_t stream_decoder::usage_updates() const { return work_->core().usage_updates(); }
const std::vector<issue>& stream_decoder::issues() const { return work_->issues(); }

void stream_decoder::reset() { work_->reset(); }

}  // namespace chatwire
