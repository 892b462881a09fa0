// Prints everything that is written down in src/models, the issue codes, the limits and the
// vocabulary as one JSON object: what scripts/generate.mjs makes its files from.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/issue_codes.hpp"
#include "chatwire/limits.hpp"
#include "decode/vocabulary.hpp"
#include "models/camel_case.hpp"
#include "models/contracts.hpp"

namespace {

namespace models = chatwire::models;
using json = nlohmann::ordered_json;
using models::field;
using models::kind;
using models::object_rule;
using models::object_schema;
using models::open_rule;

// ---- Names --------------------------------------------------------------------------------------

const char* name_of(kind of) {
  switch (of) {
    case kind::text:
      return "text";
    case kind::integer:
      return "integer";
    case kind::count:
      return "count";
    case kind::number:
      return "number";
    case kind::boolean:
      return "boolean";
    case kind::object:
      return "object";
    case kind::objects:
      return "objects";
    case kind::integers:
      return "integers";
    case kind::numbers:
      return "numbers";
    case kind::texts:
      return "texts";
    case kind::open:
      return "open";
    case kind::content:
      return "content";
  }
  return "";
}

const char* name_of(open_rule rule) {
  switch (rule) {
    case open_rule::anything:
      return "anything";
    case open_rule::map:
      return "map";
    case open_rule::map_of_text:
      return "map_of_text";
    case open_rule::map_of_bools:
      return "map_of_bools";
    case open_rule::map_of_numbers:
      return "map_of_numbers";
    case open_rule::map_of_texts:
      return "map_of_texts";
    case open_rule::scalar:
      return "scalar";
    case open_rule::list:
      return "list";
    case open_rule::list_of_scalars:
      return "list_of_scalars";
    case open_rule::list_of_numbers:
      return "list_of_numbers";
  }
  return "";
}

const char* name_of(models::model id) {
  static constexpr const char* names[] = {
#define CHATWIRE_MODEL(name) #name,
      CHATWIRE_MODELS(CHATWIRE_MODEL)
#undef CHATWIRE_MODEL
  };
  return names[static_cast<std::size_t>(id)];
}

const char* name_of(chatwire::severity severity) {
  switch (severity) {
    case chatwire::severity::info:
      return "info";
    case chatwire::severity::warning:
      return "warning";
    case chatwire::severity::error:
      return "error";
  }
  return "";
}

// ---- Models -------------------------------------------------------------------------------------

json values_of(const field& member) {
  if (member.value.known.count == 0) return nullptr;
  json values = json::array();
  for (std::size_t i = 0; i < member.value.known.count; ++i)
    values.push_back(member.value.known.items[i]);
  return values;
}

json forms_of(const field& member) {
  json forms = json::array();
  if ((member.value.other & models::also_text) != 0) forms.push_back("text");
  if ((member.value.other & models::also_number) != 0) forms.push_back("number");
  if ((member.value.other & models::also_map) != 0) forms.push_back("map");
  return forms;
}

json field_of(const field& member, const char* object) {
  json made;
  made["wire"] = member.name();
  made["camel"] = models::camel_case(member.name());
  made["slot"] = member.slot;
  made["kind"] = name_of(member.value.of);
  made["rule"] = member.value.of == kind::open ? json(name_of(member.value.rule)) : json(nullptr);
  made["also"] = forms_of(member);
  made["object"] = object == nullptr ? json(nullptr) : json(object);
  made["values"] = values_of(member);
  made["closed"] = member.value.known.closed;
  made["doc"] = member.doc;
  made["example"] = member.example;
  return made;
}

json merged_model(const object_schema& schema) {
  json fields = json::array();
  for (std::size_t i = 0; i < schema.slots; ++i) {
    const field& member = schema.fields[i];
    const object_schema* object = member.value.object;
    json made = field_of(member, object == nullptr ? nullptr : name_of(object->id));
    made["derived"] = i >= schema.count;
    fields.push_back(std::move(made));
  }
  return {{"id", name_of(schema.id)},
          {"name", schema.name},
          {"doc", schema.doc},
          {"fields", std::move(fields)}};
}

bool is_set(const object_rule& rule) { return rule.members != 0; }

json rules_of(const object_schema& schema) {
  json rules = json::array();
  for (const object_rule& rule : schema.rules) {
    if (!is_set(rule)) continue;
    json members = json::array();
    for (const char* name : rule.names)
      if (name != nullptr) members.push_back(name);
    rules.push_back({{"tag", rule.tag == nullptr ? json(nullptr) : json(rule.tag)},
                     {"value", rule.value == nullptr ? json(nullptr) : json(rule.value)},
                     {"members", std::move(members)}});
  }
  return rules;
}

json contract_model(const object_schema& schema) {
  json fields = json::array();
  for (std::size_t i = 0; i < schema.count; ++i) {
    const field& member = schema.fields[i];
    const object_schema* object = member.value.object;
    json made = field_of(member, object == nullptr ? nullptr : object->name);
    made["derived"] = false;
    made["required"] = member.required;
    made["nullable"] = member.nullable;
    made["deprecated"] = member.deprecated;
    fields.push_back(std::move(made));
  }
  return {{"name", schema.name},         {"id", name_of(schema.id)},
          {"doc", schema.doc},           {"tolerant", schema.tolerant},
          {"fields", std::move(fields)}, {"rules", rules_of(schema)}};
}

using schema_list = std::vector<const object_schema*>;

/// Adds `schema` and what can be reached from it, each once, in the order of the document.
void add_reachable(const object_schema& schema, schema_list& found) {
  if (std::find(found.begin(), found.end(), &schema) != found.end()) return;
  found.push_back(&schema);
  for (std::size_t i = 0; i < schema.count; ++i)
    if (schema.fields[i].value.object != nullptr)
      add_reachable(*schema.fields[i].value.object, found);
}

/// The model of the document's errors, if it has one: the others borrow the merged one.
const object_schema* own_error(const models::contract_document& document) {
  return document.error == &models::merged::error_response ? nullptr : document.error;
}

json contract(const models::contract_document& document) {
  schema_list reachable;
  add_reachable(*document.completion, reachable);
  add_reachable(*document.chunk, reachable);
  const object_schema* error = own_error(document);
  if (error != nullptr) add_reachable(*error, reachable);
  json list = json::array();
  for (const object_schema* schema : reachable) list.push_back(contract_model(*schema));
  return {{"id", document.name},
          {"title", document.title},
          {"completion", document.completion->name},
          {"chunk", document.chunk->name},
          {"error", error == nullptr ? json(nullptr) : json(error->name)},
          {"models", std::move(list)}};
}

// ---- JSON Schema --------------------------------------------------------------------------------

json type(const char* name) { return {{"type", name}}; }
json array_of(json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
json map_of(json values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}
json reference(const object_schema& schema) {
  return {{"$ref", std::string("#/$defs/") + schema.name}};
}

json open_schema(open_rule rule) {
  const json scalar = {{"type", {"string", "number"}}};
  switch (rule) {
    case open_rule::anything:
      return json::object();
    case open_rule::map:
      return type("object");
    case open_rule::map_of_text:
      return map_of(type("string"));
    case open_rule::map_of_bools:
      return map_of(type("boolean"));
    case open_rule::map_of_numbers:
      return map_of(type("number"));
    case open_rule::map_of_texts:
      return map_of(array_of(type("string")));
    case open_rule::scalar:
      return scalar;
    case open_rule::list:
      return type("array");
    case open_rule::list_of_scalars:
      return array_of(scalar);
    case open_rule::list_of_numbers:
      return array_of(array_of(type("number")));
  }
  return json::object();
}

json text_schema(const field& member) {
  json made = type("string");
  if (member.value.known.closed) made["enum"] = values_of(member);
  return made;
}

json kind_schema(const field& member) {
  switch (member.value.of) {
    case kind::text:
      return text_schema(member);
    case kind::integer:
      return type("integer");
    case kind::count:
      return {{"type", "integer"}, {"minimum", 0}};
    case kind::number:
      return type("number");
    case kind::boolean:
      return type("boolean");
    case kind::object:
      return reference(*member.value.object);
    case kind::objects:
      return array_of(reference(*member.value.object));
    case kind::integers:
      return array_of(type("integer"));
    case kind::numbers:
      return array_of(type("number"));
    case kind::texts:
      return array_of(type("string"));
    case kind::open:
      return open_schema(member.value.rule);
    case kind::content:
      return {{"anyOf", {type("string"), array_of(reference(*member.value.object))}}};
  }
  return json::object();
}

/// Lets a schema take null too.
json or_null(json schema) {
  if (schema.empty()) return schema;  // it takes everything
  if (schema.contains("anyOf")) {
    schema["anyOf"].push_back(type("null"));
    return schema;
  }
  if (!schema.contains("type")) return {{"anyOf", {std::move(schema), type("null")}}};
  if (!schema["type"].is_array()) schema["type"] = json::array({schema["type"]});
  schema["type"].push_back("null");
  if (schema.contains("enum")) schema["enum"].push_back(nullptr);
  return schema;
}

json value_schema(const field& member) {
  json made = kind_schema(member);
  if (member.value.other != models::also_nothing) {
    json forms = json::array({std::move(made)});
    if ((member.value.other & models::also_text) != 0) forms.push_back(type("string"));
    if ((member.value.other & models::also_number) != 0) forms.push_back(type("number"));
    if ((member.value.other & models::also_map) != 0) forms.push_back(type("object"));
    made = {{"anyOf", std::move(forms)}};
  }
  return member.nullable ? or_null(std::move(made)) : made;
}

json examples_of(const field& member, const field& twin) {
  if (member.value.known.closed) return nullptr;
  if (member.value.known.count != 0) return values_of(member);
  const std::string_view example = *member.example != '\0' ? member.example : twin.example;
  if (example.empty()) return nullptr;
  const bool is_text =
      member.value.of == kind::text || member.value.of == kind::content || !json::accept(example);
  return json::array({is_text ? json(example) : json::parse(example)});
}

json member_schema(const field& member, const field& twin) {
  json made = value_schema(member);
  const char* doc = *member.doc != '\0' ? member.doc : twin.doc;
  made["description"] = doc;
  const json examples = examples_of(member, twin);
  if (!examples.is_null()) made["examples"] = examples;
  if (member.deprecated) made["deprecated"] = true;
  return made;
}

json rule_schema(const object_rule& rule) {
  json names = json::array();
  json one_of_them = json::array();
  for (const char* name : rule.names) {
    if (name == nullptr) continue;
    names.push_back(name);
    one_of_them.push_back({{"required", json::array({name})}});
  }
  if (rule.tag == nullptr) return {{"anyOf", std::move(one_of_them)}};
  json tagged;
  tagged["properties"][rule.tag]["const"] = rule.value;
  tagged["required"] = json::array({rule.tag});
  json then;
  then["required"] = std::move(names);
  return {{"if", std::move(tagged)}, {"then", std::move(then)}};
}

json model_schema(const object_schema& schema) {
  const object_schema& whole = models::merged_schema(schema.id);
  json properties = json::object();
  json required = json::array();
  for (std::size_t i = 0; i < schema.count; ++i) {
    const field& member = schema.fields[i];
    properties[member.wire] = member_schema(member, whole.fields[member.slot]);
    if (member.required) required.push_back(member.wire);
  }
  json made;
  made["type"] = "object";
  made["description"] = *schema.doc != '\0' ? schema.doc : whole.doc;
  made["properties"] = std::move(properties);
  if (!required.empty()) made["required"] = std::move(required);
  for (const object_rule& rule : schema.rules)
    if (is_set(rule)) made["allOf"].push_back(rule_schema(rule));
  if (!schema.tolerant) return made;
  // What does not fit is kept, so it must pass.
  const json description = made["description"];
  made.erase("description");
  return {{"description", description}, {"anyOf", {std::move(made), type("object")}}};
}

json root_schema(const object_schema& root, const char* title) {
  schema_list reachable;
  add_reachable(root, reachable);
  json defs;
  for (const object_schema* schema : reachable) defs[schema->name] = model_schema(*schema);
  json made;
  made["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  made["title"] = std::string(root.name) + " (" + title + ")";
  made["$ref"] = std::string("#/$defs/") + root.name;
  made["$defs"] = std::move(defs);
  return made;
}

json schemas_of(const models::contract_document& document) {
  json made;
  made["completion"] = root_schema(*document.completion, document.title);
  made["chunk"] = root_schema(*document.chunk, document.title);
  const object_schema* error = own_error(document);
  made["error"] = error == nullptr ? json(nullptr) : root_schema(*error, document.title);
  return made;
}

// ---- The whole ----------------------------------------------------------------------------------

json vocabulary() {
  json words = json::array();
  for (const std::string_view word : chatwire::vocabulary) words.push_back(word);
  return words;
}

json issue_codes() {
  json codes = json::array();
#define CHATWIRE_ISSUE(code, grave, words, meaning) \
  codes.push_back(                                  \
      {{"code", #code}, {"severity", name_of(chatwire::severity::grave)}, {"doc", meaning}});
  CHATWIRE_ISSUES(CHATWIRE_ISSUE)
#undef CHATWIRE_ISSUE
  return codes;
}

json limits() {
  const chatwire::limits defaults;
  return {{"bodyBytes", defaults.body_bytes},
          {"eventBytes", defaults.event_bytes},
          {"depth", defaults.depth},
          {"choices", defaults.choices},
          {"toolCalls", defaults.tool_calls}};
}

json everything() {
  json all;
  all["vocabulary"] = vocabulary();
  all["issueCodes"] = issue_codes();
  all["limits"] = limits();
  all["merged"] = json::array();
  for (const object_schema* schema : models::merged::all)
    all["merged"].push_back(merged_model(*schema));
  all["contracts"] = json::array();
  all["schemas"] = json::object();
  for (const models::contract_document& document : models::contracts) {
    if (&document == &models::contracts[0]) continue;  // lenient: that is `merged`
    all["contracts"].push_back(contract(document));
    all["schemas"][document.name] = schemas_of(document);
  }
  return all;
}

}  // namespace

int main() {
  std::cout << everything().dump(1) << '\n';
  return std::cout ? 0 : 1;
}
