// Every issue code: what it is called, how grave it is by default, what it means.
// docs/issues.md and the TypeScript union are made from this table.
#pragma once

#include <cstdint>

namespace chatwire {

enum class severity : std::uint8_t {
  info,     // nothing to do, worth knowing
  warning,  // decoded all the same: repaired, or kept under `extra`
  error,    // fails the decode
};

// CHATWIRE_ISSUE(code, severity when lenient, in a few words for messages, its meaning for
// documents)
#define CHATWIRE_ISSUES(CHATWIRE_ISSUE)                                                            \
  CHATWIRE_ISSUE(NOT_JSON, error, "not JSON",                                                      \
                 "The bytes are not JSON, or not of a kind that can be decoded.")                  \
  CHATWIRE_ISSUE(TRUNCATED, error, "the input ends too early",                                     \
                 "The JSON, or the stream, ends before it is complete.")                           \
  CHATWIRE_ISSUE(EMPTY_BODY, error, "the body is empty",                                           \
                 "There are no bytes, or only white space.")                                       \
  CHATWIRE_ISSUE(HTML_BODY, error, "the body is an HTML page", "The body is an HTML page.")        \
  CHATWIRE_ISSUE(PROVIDER_ERROR, error, "the provider's error",                                    \
                 "The body is the provider's own error.")                                          \
  CHATWIRE_ISSUE(NO_CHOICES, error, "a completion without a choice",                               \
                 "A completion without a choice: missing, null or empty.")                         \
  CHATWIRE_ISSUE(LIMIT, error, "a limit was passed", "A limit of the options was passed.")         \
  CHATWIRE_ISSUE(MISSING, error, "a required member is missing",                                   \
                 "A member that the contract requires is absent.")                                 \
  CHATWIRE_ISSUE(NULL_VALUE, error, "null is not allowed",                                         \
                 "A member is null where the contract does not allow it.")                         \
  CHATWIRE_ISSUE(BAD_VALUE, error, "the value is not allowed",                                     \
                 "A string is none of those that the contract allows.")                            \
  CHATWIRE_ISSUE(BAD_TYPE, warning, "a value of another type",                                     \
                 "A value is not of the member's type. It is kept under `extra`.")                 \
  CHATWIRE_ISSUE(NOT_INTEGER, warning, "a fraction where an integer belongs",                      \
                 "A number has a fraction where an integer belongs. Token counts keep it; times "  \
                 "are rounded down and the original is kept under `extra`.")                       \
  CHATWIRE_ISSUE(NEGATIVE_COUNT, warning, "a count below zero",                                    \
                 "A count is below zero. It is kept under `extra`.")                               \
  CHATWIRE_ISSUE(NUMBER_FROM_STRING, warning, "a number in a string",                              \
                 "A number came as a string. It was converted; the original is under `extra`.")    \
  CHATWIRE_ISSUE(NON_FINITE_NUMBER, warning, "a number that JSON does not have",                   \
                 "NaN, Infinity or -Infinity, which JSON does not have. It became null, or the "   \
                 "number itself by option.")                                                       \
  CHATWIRE_ISSUE(INVALID_UTF8, warning, "bytes that are not UTF-8",                                \
                 "Bytes that are not UTF-8 became U+FFFD.")                                        \
  CHATWIRE_ISSUE(DUPLICATE_KEY, warning, "the member came before",                                 \
                 "A member came twice. The last one counts, but a null does not undo a value.")    \
  CHATWIRE_ISSUE(TRAILING_BYTES, warning, "bytes follow the value",                                \
                 "Bytes follow the JSON value. They were ignored.")                                \
  CHATWIRE_ISSUE(DONE_AFTER_BODY, warning, "`data: [DONE]` follows the body",                      \
                 "`data: [DONE]` follows the body. It was ignored.")                               \
  CHATWIRE_ISSUE(ENVELOPE_UNWRAPPED, warning, "the completion is in an envelope",                  \
                 "The completion came inside an envelope's `result`.")                             \
  CHATWIRE_ISSUE(UNKNOWN_PART_TYPE, warning, "a content part of an unknown type",                  \
                 "A content part of a type that no contract knows.")                               \
  CHATWIRE_ISSUE(ARGUMENTS_NOT_STRING, warning, "tool arguments that are no string",               \
                 "Tool arguments came as JSON instead of a string. They were serialised; the "     \
                 "value is under `extra`.")                                                        \
  CHATWIRE_ISSUE(EMPTY_ARGUMENTS, info, "tool arguments are empty",                                \
                 "Tool arguments are empty or null.")                                              \
  CHATWIRE_ISSUE(TOOL_CALL_ID_MISSING, warning, "a tool call without an id",                       \
                 "A tool call has no id. One was made, and `idSynthetic` is set.")                 \
  CHATWIRE_ISSUE(TOOL_CALL_TYPE_MISSING, info, "a tool call without a type",                       \
                 "A tool call has no type. `function` was assumed, and `typeSynthetic` is set.")   \
  CHATWIRE_ISSUE(CHOICE_INDEX_MISSING, warning, "a choice without an index",                       \
                 "A choice has no index. Its position was taken, and `indexSynthetic` is set.")    \
  CHATWIRE_ISSUE(FINISH_REASON_MISSING, warning, "a complete choice without a finish reason",      \
                 "A complete choice has no finish reason.")                                        \
  CHATWIRE_ISSUE(FINISH_REASON_NOT_A_REASON, warning, "a finish reason that is none",              \
                 "The finish reason is \"null\" or \"\". It became null.")                         \
  CHATWIRE_ISSUE(ARGUMENTS_ENCODED_TWICE, warning, "tool arguments were encoded twice",            \
                 "Tool arguments are a JSON string that holds JSON. The inner one was taken.")     \
  CHATWIRE_ISSUE(CONTROL_CHARACTER, warning, "a control character in a string",                    \
                 "A control character stands in a string as it is. It was taken, as asked for.")   \
  CHATWIRE_ISSUE(TRAILING_COMMA, warning, "a comma after the last element",                        \
                 "A comma follows the last element. It was passed over, as asked for.")            \
  CHATWIRE_ISSUE(FINISH_TOOLS_WITHOUT_CALLS, warning, "finished for tools without a tool call",    \
                 "The finish reason is `tool_calls`, but there is no tool call.")                  \
  CHATWIRE_ISSUE(LAST_EVENT_CUT, info, "no blank line follows the last event",                     \
                 "The stream ends without the blank line after its last event, which is whole.")   \
  CHATWIRE_ISSUE(DATA_AFTER_DONE, warning, "data follows [DONE]",                                  \
                 "Data follows `[DONE]`. It was ignored.")                                         \
  CHATWIRE_ISSUE(STREAM_OVER, error, "the stream has ended",                                       \
                 "Bytes were given to a C++ `stream_decoder` whose stream had ended. In "          \
                 "JavaScript that is an `Error`.")                                                 \
  CHATWIRE_ISSUE(LINE_WITHOUT_FIELD, warning, "a line that is no field of an event",               \
                 "A line between or in events is no field of one, such as a server's last words. " \
                 "It was passed over; `received` has its words.")                                  \
  CHATWIRE_ISSUE(EMPTY_EVENT, warning, "an event without anything in it",                          \
                 "An event is `{}`. It was ignored.")                                              \
  CHATWIRE_ISSUE(NOT_EVENT_STREAM, warning, "JSON without the framing of events",                  \
                 "JSON values came without the framing of an event stream. They were taken for "   \
                 "events.")                                                                        \
  CHATWIRE_ISSUE(BODY_IN_STREAM, warning, "a whole body where a stream was expected",              \
                 "A whole body came where a stream was expected. It was taken for a chunk.")       \
  CHATWIRE_ISSUE(MESSAGE_IN_CHUNK, warning, "a chunk with a message",                              \
                 "A chunk has a `message`. It counts where no delta said the same.")               \
  CHATWIRE_ISSUE(STREAM_ID_CHANGED, warning, "the id or the model changes within the stream",      \
                 "The id or the model changes within the stream. The first ones count.")           \
  CHATWIRE_ISSUE(FINISH_REASON_CHANGED, warning, "another finish reason came before",              \
                 "A choice finishes twice, for different reasons. The first one counts, unless "   \
                 "it was only `stop`.")                                                            \
  CHATWIRE_ISSUE(DELTA_AFTER_FINISH, warning, "a delta follows the finish reason",                 \
                 "A delta follows its choice's finish reason. It was taken.")                      \
  CHATWIRE_ISSUE(CUMULATIVE_DELTAS, warning, "deltas repeat all that came before",                 \
                 "Deltas repeat all that came before them. The repetition was left out.")          \
  CHATWIRE_ISSUE(AMBIGUOUS_TOOL_CALL, warning, "it cannot be told which tool call this is of",     \
                 "It cannot be told for certain which tool call a fragment belongs to.")           \
  CHATWIRE_ISSUE(TOOL_CALL_INDEX_REUSED, warning, "another tool call has this index",              \
                 "Several tool calls have one index. They were told apart by what else they say.") \
  CHATWIRE_ISSUE(TOOL_CALL_ID_CHANGED, warning, "the id of a tool call changes",                   \
                 "The id of a tool call changes between its fragments. The first one counts.")     \
  CHATWIRE_ISSUE(TOOL_CALL_NAME_CHANGED, warning, "the name of a tool call changes",               \
                 "The name of a tool call changes after its arguments have begun. The first one "  \
                 "counts.")                                                                        \
  CHATWIRE_ISSUE(ARGUMENTS_RESENT, warning, "tool arguments came before",                          \
                 "All arguments of a tool call came a second time. They were ignored.")            \
  CHATWIRE_ISSUE(ARGUMENTS_PLACEHOLDER, warning, "empty tool arguments before the real ones",      \
                 "Tool arguments began with `{}` or null, and the real ones followed.")            \
  CHATWIRE_ISSUE(ARGUMENTS_NOT_COMPLETE, warning, "the tool arguments are cut off",                \
                 "The choice finished while a tool call's arguments were not complete.")

enum class issue_code : std::uint8_t {
#define CHATWIRE_ISSUE(code, severity, words, meaning) code,
  CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
};

}  // namespace chatwire
