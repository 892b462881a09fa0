// What the tables of models must hold to, whatever they say.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "models/camel_case.hpp"
#include "models/contracts.hpp"

namespace {

namespace models = chatwire::models;
using models::contract_document;
using models::contracts;
using models::field;
using models::kind;
using models::object_rule;
using models::object_schema;
using models::open_rule;
using models::type;

using schema_list = std::vector<const object_schema*>;

/// Every schema of a contract, each once; of the lenient one: every merged model.
schema_list schemas_of(const contract_document& document) {
  schema_list found{document.completion, document.chunk, document.error};
  for (std::size_t next = 0; next < found.size(); ++next) {
    const object_schema& schema = *found[next];
    for (std::size_t i = 0; i < schema.count; ++i) {
      const object_schema* inner = schema.fields[i].value.object;
      if (inner != nullptr && std::find(found.begin(), found.end(), inner) == found.end())
        found.push_back(inner);
    }
  }
  return found;
}

/// How deep objects lie in objects, or more than `limit` if there is a cycle.
int depth_of(const object_schema& schema, int limit) {
  if (limit == 0) return 1;
  int deepest = 0;
  for (std::size_t i = 0; i < schema.count; ++i)
    if (schema.fields[i].value.object != nullptr)
      deepest = std::max(deepest, depth_of(*schema.fields[i].value.object, limit - 1));
  return deepest + 1;
}

bool is_number(kind of) { return of == kind::integer || of == kind::count || of == kind::number; }

bool same_model(const type& view, const type& whole) {
  return whole.object != nullptr && view.object != nullptr && view.object->id == whole.object->id;
}

/// Whether the decoder can put a contract's kind into the slot of the merged one.
bool may_stand_for(const type& view, const type& whole) {
  switch (view.of) {
    case kind::open:
      return whole.of != kind::open || whole.rule == view.rule || whole.rule == open_rule::anything;
    case kind::text:
      return whole.of == kind::text || whole.of == kind::content;
    case kind::integer:
    case kind::count:
    case kind::number:
      return is_number(whole.of);
    case kind::object:
    case kind::objects:
    case kind::content:
      return whole.of == view.of && same_model(view, whole);
    default:
      return whole.of == view.of;
  }
}

/// Whether the forms that a contract's member also takes are known to the merged one. Arguments
/// that may be an object are a contract's own matter: lenient decoding makes them text.
bool forms_fit(const type& view, const type& whole) {
  if (view.of == kind::text && view.other == models::also_map) return true;
  return (view.other & ~whole.other) == 0;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) != 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

/// The wire name that a name of ours was made from.
std::string snake_case(std::string_view camel) {
  std::string wire;
  for (const char c : camel) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) wire += '_';
    wire += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return wire;
}

void check_values(const field& member) {
  const models::value_list& known = member.value.known;
  if (known.closed) CHECK(known.count > 0);
  if (known.count > 0) CHECK(member.value.of == kind::text);
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < known.count; ++i) {
    CHECK_FALSE(std::string_view(known.items[i]).empty());
    CHECK(seen.insert(known.items[i]).second);
  }
}

void check_objects(const field& member) {
  const kind of = member.value.of;
  const bool has_model = of == kind::object || of == kind::objects || of == kind::content;
  CHECK((member.value.object != nullptr) == has_model);
}

/// What holds for merged models and for views of them.
void check_schema(const object_schema& schema) {
  CAPTURE(schema.name);
  CHECK(is_identifier(schema.name));
  CHECK(schema.count > 0);
  std::set<std::string_view> wires;
  std::set<std::string> camels;
  for (std::size_t i = 0; i < schema.count; ++i) {
    const field& member = schema.fields[i];
    CAPTURE(member.wire);
    CHECK(member.name() == member.wire);
    CHECK(member.slot < schema.slots);
    CHECK(wires.insert(member.name()).second);
    CHECK(camels.insert(models::camel_case(member.name())).second);
    const std::uint32_t bit = 1U << member.slot;
    CHECK(((schema.required & bit) != 0) == member.required);
    CHECK(((schema.nullable & bit) != 0) == member.nullable);
    check_values(member);
    check_objects(member);
  }
}

void check_view(const object_schema& view) {
  const object_schema& whole = models::merged_schema(view.id);
  CAPTURE(view.name);
  CHECK(view.slots == whole.slots);
  for (std::size_t i = 0; i < view.count; ++i) {
    const field& member = view.fields[i];
    const field& twin = whole.fields[member.slot];
    CAPTURE(member.wire);
    CHECK(twin.name() == member.name());
    CHECK(member.slot < whole.count);  // not one that only chatwire sets
    CHECK(may_stand_for(member.value, twin.value));
    CHECK(forms_fit(member.value, twin.value));
  }
}

void check_rule(const object_schema& view, const object_rule& rule) {
  if (rule.members == 0) {
    CHECK(rule.tag == nullptr);
    return;
  }
  for (const char* name : rule.names)
    if (name != nullptr) CHECK(view.find(name) != nullptr);
  if (rule.tag == nullptr) return;
  const field* tag = view.find(rule.tag);
  REQUIRE(tag != nullptr);
  CHECK(tag->slot == rule.tag_slot);
  const models::value_list& known = tag->value.known;
  CHECK(std::find(known.items, known.items + known.count, std::string_view(rule.value)) !=
        known.items + known.count);
}

const field& member_of(const object_schema& schema, std::string_view wire) {
  const field* found = schema.find(wire);
  REQUIRE_MESSAGE(found != nullptr, std::string(wire));
  return *found;
}

TEST_CASE("merged models are found by their number") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(models::model::count_); ++i) {
    const auto id = static_cast<models::model>(i);
    CHECK(models::merged_schema(id).id == id);
  }
}

TEST_CASE("merged models are sound") {
  for (const object_schema* schema : models::merged::all) {
    CAPTURE(schema->name);
    check_schema(*schema);
    CHECK(schema->slots < 32);
    CHECK(schema->required == 0);
    CHECK_FALSE(std::string_view(schema->doc).empty());
    CHECK(depth_of(*schema, 20) < 20);
    for (std::size_t i = 0; i < schema->slots; ++i) {
      const field& member = schema->fields[i];
      CAPTURE(member.wire);
      CHECK(member.slot == i);
      CHECK_FALSE(std::string_view(member.doc).empty());
      CHECK_FALSE(member.value.known.closed);
      if (member.value.object != nullptr)
        CHECK(member.value.object == &models::merged_schema(member.value.object->id));
      if (i >= schema->count) CHECK(member.value.of == kind::boolean);
    }
  }
}

TEST_CASE("merged models have names of their own") {
  std::set<std::string_view> names;
  for (const object_schema* schema : models::merged::all) CHECK(names.insert(schema->name).second);
}

TEST_CASE("every merged model is part of a completion, a chunk or an error") {
  const schema_list found = schemas_of(contracts[0]);
  for (const object_schema* schema : models::merged::all) {
    CAPTURE(schema->name);
    CHECK(std::find(found.begin(), found.end(), schema) != found.end());
  }
}

TEST_CASE("every contract has its roots") {
  std::set<std::string_view> names;
  for (const contract_document& document : contracts) {
    CAPTURE(document.name);
    CHECK(names.insert(document.name).second);
    CHECK_FALSE(std::string_view(document.title).empty());
    REQUIRE(document.completion != nullptr);
    REQUIRE(document.chunk != nullptr);
    REQUIRE(document.error != nullptr);
    CHECK(document.completion->id == models::model::chat_completion);
    CHECK(document.chunk->id == models::model::chat_completion_chunk);
    CHECK(document.error->id == models::model::error_response);
  }
}

TEST_CASE("contracts are views of the merged models") {
  for (const contract_document& document : contracts) {
    CAPTURE(document.name);
    std::set<std::string_view> names;
    for (const object_schema* schema : schemas_of(document)) {
      CHECK(names.insert(schema->name).second);
      check_schema(*schema);
      check_view(*schema);
      for (const object_rule& rule : schema->rules) check_rule(*schema, rule);
    }
  }
}

TEST_CASE("what sets the contracts apart") {
  using models::contract_id;
  const auto completion = [](contract_id id) -> const object_schema& {
    return *contracts[static_cast<std::size_t>(id)].completion;
  };
  CHECK(member_of(completion(contract_id::sudo), "usage").required);
  CHECK(member_of(completion(contract_id::sudo), "metadata").value.rule == open_rule::map_of_text);
  CHECK_FALSE(member_of(completion(contract_id::atoma), "usage").required);
  CHECK(member_of(completion(contract_id::atoma), "usage").nullable);
  CHECK_FALSE(member_of(completion(contract_id::argot), "usage").nullable);
  CHECK(member_of(completion(contract_id::argot), "service_tier").value.known.closed);
  CHECK(completion(contract_id::log10).find("service_tier") == nullptr);
  CHECK(member_of(completion(contract_id::openrouter), "system_fingerprint").required);
  CHECK(member_of(completion(contract_id::mistral), "usage").required);
  CHECK(completion(contract_id::groq).find("x_groq") != nullptr);
}

TEST_CASE("names are made mechanically") {
  CHECK(models::camel_case("finish_reason") == "finishReason");
  CHECK(models::camel_case("x_tick_labels") == "xTickLabels");
  CHECK(models::camel_case("category_applied_input_types") == "categoryAppliedInputTypes");
  CHECK(models::camel_case("Int") == "int");
  CHECK(models::camel_case("String") == "string");
  CHECK(models::camel_case("id") == "id");
  for (const object_schema* schema : models::merged::all) {
    if (schema->id == models::model::stop_reason) continue;  // capitals on the wire
    for (std::size_t i = 0; i < schema->slots; ++i) {
      const std::string_view wire = schema->fields[i].name();
      CHECK(snake_case(models::camel_case(wire)) == wire);
    }
  }
}

}  // namespace
