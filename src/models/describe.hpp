// The words in which models are written down: kinds of values, fields, objects.
// Every fact about a model lives in the tables made of these; decoder, types, builders, documents
// and schemas all follow from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The prose of the tables (descriptions, examples, names of types) is for generators only.
// Builds that ship without it (WebAssembly) leave it out of the binary.
#ifndef CHATWIRE_PROSE
#define CHATWIRE_PROSE 1
#endif

namespace chatwire::models {

/// A table that is wrong: evaluated at compile time only, where a call of it is an error.
inline void does_not_compile(const char* /*why*/) {}

/// What JSON values a field takes, and how the tape holds them.
enum class kind : std::uint8_t {
  text,      // a string
  integer,   // a number without a fraction
  count,     // an integer that is not negative: tokens, seconds
  number,    // any number
  boolean,   // true or false
  object,    // an object of a model
  objects,   // an array of objects of one model
  integers,  // an array of integers
  numbers,   // an array of numbers
  texts,     // an array of strings
  open,      // any JSON, kept as it is, names included; an `open_rule` may narrow it
  content,   // a string, or an array of content parts
};

/// What an open value must look like.
enum class open_rule : std::uint8_t {
  anything,
  map,              // an object with any members
  map_of_text,      // an object whose members are strings
  map_of_bools,     // an object whose members are booleans
  map_of_numbers,   // an object whose members are numbers
  map_of_texts,     // an object whose members are arrays of strings
  scalar,           // a string or a number
  list,             // an array of anything
  list_of_scalars,  // an array of strings and numbers
  list_of_numbers,  // an array of arrays of numbers
};

/// Further forms that a field takes beside its kind; such a value is kept as open JSON.
enum also : std::uint8_t {
  also_nothing = 0,
  also_text = 1,
  also_number = 2,
  also_map = 4,
};

/// Whether a member must be there and whether it may be null. The letters are those of the
/// contracts' tables: R required, RN required but may be null, O optional, ON optional, may be
/// null.
enum class presence : std::uint8_t { R, RN, O, ON };
using enum presence;

/// The merged models, each defined in merged.hpp. A contract's own models are views of these.
// clang-format off
#define CHATWIRE_MODELS(M)                                                                         \
  M(chat_completion) M(choice) M(message) M(content_part) M(thinking_part) M(image_url)            \
  M(input_audio) M(video_url) M(file) M(cache_control) M(prompt_cache_breakpoint) M(tool_call)     \
  M(tool_function) M(custom_tool) M(function_call) M(logprobs) M(token_logprob) M(top_logprob)     \
  M(annotation) M(url_citation) M(document_citation) M(function_citation) M(audio) M(image)        \
  M(reasoning_detail) M(usage) M(prompt_tokens_details) M(completion_tokens_details)               \
  M(cost_details) M(server_tool_use_details) M(moderation) M(moderation_outcome)                   \
  M(moderation_result) M(openrouter_metadata) M(router_attempt) M(endpoints_metadata)              \
  M(endpoint_info) M(router_params) M(pipeline_stage) M(executed_tool) M(browser_result)           \
  M(code_result) M(chart) M(chart_element) M(search_results) M(search_result) M(mcp_list_tool)     \
  M(mcp_tool) M(usage_breakdown) M(model_usage) M(x_groq) M(x_groq_debug)                          \
  M(chat_completion_chunk) M(chunk_choice) M(delta) M(tool_call_delta) M(stop_reason)              \
  M(error_payload) M(error_misalignment) M(error_misalignment_steer) M(error_response)

enum class model : std::uint8_t {
#define CHATWIRE_MODEL(name) name,
  CHATWIRE_MODELS(CHATWIRE_MODEL)
#undef CHATWIRE_MODEL
  count_,  // how many there are
};
// clang-format on

struct object_schema;

/// The values that a string is known to take. Closed: no others are allowed.
struct value_list {
  const char* const* items = nullptr;
  std::uint8_t count = 0;
  bool closed = false;
};

/// Storage for a list of values: `constexpr auto roles = values("user", "assistant");`
template <std::size_t N>
struct values {
  const char* items[N];
  template <class... Item>
  consteval values(Item... item) : items{item...} {}
};
template <class... Item>
values(Item...) -> values<sizeof...(Item)>;

/// The type of a field.
struct type {
  kind of = kind::open;
  open_rule rule = open_rule::anything;
  std::uint8_t other = also_nothing;
  const object_schema* object = nullptr;
  value_list known{};

  /// The same type, also taking values of these further forms.
  consteval type operator|(also form) const {
    type wider = *this;
    wider.other = static_cast<std::uint8_t>(other | form);
    return wider;
  }
};

inline constexpr type text{kind::text};
inline constexpr type integer{kind::integer};
inline constexpr type count{kind::count};
inline constexpr type number{kind::number};
inline constexpr type boolean{kind::boolean};
inline constexpr type integers{kind::integers};
inline constexpr type numbers{kind::numbers};
inline constexpr type texts{kind::texts};
inline constexpr type anything{kind::open};
inline constexpr type map{kind::open, open_rule::map};
inline constexpr type map_of_text{kind::open, open_rule::map_of_text};
inline constexpr type map_of_bools{kind::open, open_rule::map_of_bools};
inline constexpr type map_of_numbers{kind::open, open_rule::map_of_numbers};
inline constexpr type map_of_texts{kind::open, open_rule::map_of_texts};
inline constexpr type scalar{kind::open, open_rule::scalar};
inline constexpr type any_list{kind::open, open_rule::list};
inline constexpr type list_of_scalars{kind::open, open_rule::list_of_scalars};
inline constexpr type list_of_numbers{kind::open, open_rule::list_of_numbers};

/// A string that takes only these values.
template <std::size_t N>
consteval type closed(const values<N>& known) {
  return {kind::text,
          open_rule::anything,
          also_nothing,
          nullptr,
          {known.items, static_cast<std::uint8_t>(N), true}};
}
/// A string that is known to take these values, and may take others.
template <std::size_t N>
consteval type open(const values<N>& known) {
  return {kind::text,
          open_rule::anything,
          also_nothing,
          nullptr,
          {known.items, static_cast<std::uint8_t>(N), false}};
}
consteval type object(const object_schema& schema) {
  return {kind::object, open_rule::anything, also_nothing, &schema};
}
consteval type objects(const object_schema& schema) {
  return {kind::objects, open_rule::anything, also_nothing, &schema};
}
/// A string or an array of content parts.
consteval type content(const object_schema& part) {
  return {kind::content, open_rule::anything, also_nothing, &part};
}

/// One member of an object.
struct field {
  const char* wire = nullptr;  // the name on the wire
  std::uint8_t wire_length = 0;
  bool required = false;
  bool nullable = true;
  std::uint8_t slot = 0;   // place in the merged model, and so in the tape
  kind twin = kind::open;  // the kind that the merged model gives the member, and so its slot
  type value{};
#if CHATWIRE_PROSE
  const char* doc = "";
  const char* example = "";
  bool deprecated = false;
#endif

  constexpr std::string_view name() const { return {wire, wire_length}; }
};

/// A member of a merged model: optional and nullable, as real servers have it.
consteval field has(const char* wire, type value, [[maybe_unused]] const char* doc,
                    [[maybe_unused]] const char* example = "") {
  field made;
  made.wire = wire;
  made.wire_length = static_cast<std::uint8_t>(std::string_view(wire).size());
  made.value = value;
#if CHATWIRE_PROSE
  made.doc = doc;
  made.example = example;
#endif
  return made;
}

/// A member of a contract's model. `doc` and `example` only where its document has its own.
consteval field member(const char* wire, presence when, type value,
                       [[maybe_unused]] const char* doc = "",
                       [[maybe_unused]] const char* example = "") {
  field made = has(wire, value, doc, example);
  made.required = when == R || when == RN;
  made.nullable = when == RN || when == ON;
  return made;
}
/// A member that its document marks as deprecated.
consteval field deprecated(field made) {
#if CHATWIRE_PROSE
  made.deprecated = true;
#endif
  return made;
}

/// "Where member `tag` is `value`, these members are required"; without a tag: "one of these is".
struct object_rule {
  const char* tag = nullptr;
  const char* value = nullptr;
  const char* names[4]{};
  std::uint8_t tag_slot = 0;
  std::uint32_t members = 0;  // a bit for each slot; the models fill it in
};
template <class... Name>
consteval object_rule when(const char* tag, const char* value, Name... required) {
  return {tag, value, {required...}};
}
template <class... Name>
consteval object_rule one_of(Name... names) {
  return {nullptr, nullptr, {names...}};
}

/// What a contract says of one of its models beside the members.
struct model_notes {
  const char* doc = "";
  object_rule rules[2]{};
  /// The document keeps what does not fit its model (under names such as UNKNOWN) instead of
  /// refusing it, so departures inside are warnings even under the contract.
  bool tolerant = false;
};

/// An object of a model: the merged one, or a contract's view of it.
struct object_schema {
  model id = model::count_;
  std::uint8_t count = 0;  // members that travel on the wire
  std::uint8_t slots = 0;  // slots of the merged model, with those that only chatwire sets
  bool tolerant = false;   // see model_notes
  const field* fields = nullptr;
  std::uint32_t required = 0;  // a bit for each slot
  std::uint32_t nullable = 0;
  object_rule rules[2]{};
#if CHATWIRE_PROSE
  const char* name = "";  // the type's name in its document
  const char* doc = "";
#endif

  constexpr const field* find(std::string_view wire) const {
    for (std::size_t i = 0; i < count; ++i)
      if (fields[i].name() == wire) return &fields[i];
    return nullptr;
  }
};

/// A merged model: its members in order. `derived` members at the end (booleans, named as
/// wire names are) are set by chatwire and never read from the wire.
template <std::size_t N>
struct merged_model : object_schema {
  field items[N]{};

  consteval merged_model(model which, [[maybe_unused]] const char* type_name,
                         [[maybe_unused]] const char* description, const field (&given)[N],
                         std::size_t derived = 0) {
    static_assert(N <= 32, "a model has a bit for each of its slots in one word");
    id = which;
    count = static_cast<std::uint8_t>(N - derived);
    slots = N;
    for (std::size_t i = 0; i < N; ++i) {
      items[i] = given[i];
      items[i].slot = static_cast<std::uint8_t>(i);
      items[i].twin = given[i].value.of;
      nullable |= 1U << i;
    }
    fields = items;
#if CHATWIRE_PROSE
    name = type_name;
    doc = description;
#endif
  }
};

/// A contract's view of a merged model, under the name and in the order of its document.
/// A member that the merged model lacks does not compile.
template <std::size_t N>
struct contract_model : object_schema {
  field items[N]{};

  consteval contract_model(const object_schema& whole, [[maybe_unused]] const char* type_name,
                           const field (&given)[N], model_notes notes = {}) {
    id = whole.id;
    count = N;
    slots = whole.slots;
    tolerant = notes.tolerant;
    for (std::size_t i = 0; i < N; ++i) {
      items[i] = given[i];
      const field& twin = twin_in(whole, given[i].name());
      items[i].slot = twin.slot;
      items[i].twin = twin.value.of;
      const std::uint32_t bit = 1U << items[i].slot;
      if (given[i].required) required |= bit;
      if (given[i].nullable) nullable |= bit;
    }
    for (std::size_t i = 0; i < 2; ++i) {
      rules[i] = notes.rules[i];
      if (rules[i].tag != nullptr) rules[i].tag_slot = twin_in(whole, rules[i].tag).slot;
      for (const char* name_in_rule : rules[i].names)
        if (name_in_rule != nullptr) rules[i].members |= 1U << twin_in(whole, name_in_rule).slot;
    }
    fields = items;
#if CHATWIRE_PROSE
    name = type_name;
    doc = notes.doc;
#endif
  }

 private:
  // Not consteval: clang 14 would want its calls constant where the constructor is a template.
  static constexpr const field& twin_in(const object_schema& whole, std::string_view wire) {
    const field* twin = whole.find(wire);
    if (twin == nullptr) does_not_compile("the merged model has no such member");
    return *twin;
  }
};

}  // namespace chatwire::models
