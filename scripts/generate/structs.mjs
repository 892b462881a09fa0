// The C++ structs of the merged models: src/chatwire/models.hpp for users, and in
// src/structs/generated what the conversions between tape, structs and JSON go by.

import { banner } from "./catalog.mjs";
import { cppMember, cppModel, cppType } from "./cpp-type.mjs";
import { code, doxygen } from "./prose.mjs";

/** The models, each after those that it has members of. */
function bottomUp(catalog) {
  const order = [];
  const visit = (model, path) => {
    if (order.includes(model)) return;
    if (path.includes(model)) throw new Error(`${model.id} is part of itself`);
    for (const { object } of model.fields)
      if (object) visit(catalog.model(object), [...path, model]);
    order.push(model);
  };
  for (const model of catalog.merged) visit(model, []);
  return order;
}

function member(field) {
  const example = field.example ? `Example: ${code(field.example)}.` : "";
  const doc = [field.doc, example].filter(Boolean).join(" ");
  const derived = field.derived ? "Set by chatwire, never on the wire." : "";
  // An initial value, so that designated initializers may leave members out without a warning.
  const initial = field.derived ? " = false" : "{}";
  return `${doxygen([doc, derived], "  ")}  ${cppType(field)} ${cppMember(field)}${initial};\n`;
}

function struct(model) {
  if (model.fields.some((field) => cppMember(field) === model.id)) {
    throw new Error(`${model.id} has a member of its own name`);
  }
  return `${doxygen([model.doc])}struct ${model.id} {
${model.fields.map(member).join("")}  /// Members that the model does not know, and originals of values that did not fit or were
  /// repaired, by their wire names. Null where there are none. On encoding, what is here goes
  /// before the members above.
  nlohmann::json extra{};

  bool operator==(const ${model.id}&) const = default;
};
`;
}

/** The content of a message is declared after its parts. */
function structs(catalog) {
  const part = catalog.merged
    .flatMap((model) => model.fields)
    .find(({ kind }) => kind === "content");
  const content = `
/// A text, or the parts of one.
using text_or_parts = std::variant<std::string, std::vector<${cppModel(part.object)}>>;
`;
  return bottomUp(catalog)
    .map((model) => struct(model) + (model.id === part.object ? content : ""))
    .join("\n");
}

function modelsHeader(catalog) {
  const conversions = catalog.merged
    .map(
      ({ id }) => `void to_json(nlohmann::json& out, const ${id}& value);
void from_json(const nlohmann::json& in, ${id}& value);
`,
    )
    .join("");
  return `// ${banner}

// The models as C++ structs. A member has the name that it has on the wire, and is a \`field\`: it may
// be absent, null or have a value. Text is UTF-8; a lone surrogate, which JSON can hold and UTF-8
// cannot, is encoded as if it were a character (WTF-8). Token counts are doubles, since some servers
// send fractions of tokens.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "chatwire/field.hpp"

namespace chatwire {

// nlohmann::json promises that moving it does not throw, in a way that clang-tidy cannot follow.
// NOLINTBEGIN(bugprone-exception-escape)

${structs(catalog)}
// NOLINTEND(bugprone-exception-escape)

// For nlohmann::json: \`nlohmann::json j = completion; auto c = j.get<chatwire::chat_completion>();\`
// Members have their wire names there. Nothing is repaired and nothing fails: what does not fit its
// member is kept under \`extra\`.
${conversions}
}  // namespace chatwire
`;
}

function description(model) {
  const members = model.known
    .map(
      (field) =>
        `      member{${JSON.stringify(field.wire)}, &${model.id}::${cppMember(field)}},\n`,
    )
    .join("");
  const flags = model.fields
    .filter((field) => field.derived)
    .map((field) => `      flag{&${model.id}::${cppMember(field)}, ${field.about?.slot ?? -1}},\n`)
    .join("");
  return `template <>
struct description<${model.id}> {
  static constexpr auto members = std::tuple{
${members}  };
  static constexpr auto flags = std::tuple{${flags === "" ? "" : `\n${flags}  `}};
};
`;
}

function descriptionsHeader(catalog) {
  return `// ${banner}

// The members of each struct in the order of their slots on the tape, and the flags, whose slots
// follow, with the slot of the member that each calls made up.
#pragma once

#include "chatwire/models.hpp"
#include "structs/description.hpp"

namespace chatwire::structs {

${catalog.merged.map(description).join("\n")}
}  // namespace chatwire::structs
`;
}

function conversionsSource(catalog, header, definition) {
  return `// ${banner}

#include "chatwire/models.hpp"
#include "structs/${header}.hpp"
#include "structs/generated/descriptions.hpp"

namespace chatwire {

${catalog.merged.map(({ id }) => `${definition(id)}\n`).join("")}
}  // namespace chatwire
`;
}

const toJson = (id) =>
  `void to_json(nlohmann::json& out, const ${id}& value) { out = structs::to_value(value); }`;
const fromJson = (id) =>
  `void from_json(const nlohmann::json& in, ${id}& value) { structs::from_value(in, value); }`;

function contractHeader(catalog) {
  const names = catalog.contracts.map(({ id, title }) => `  ${id},  ///< ${title}\n`).join("");
  return `// ${banner}

// The contracts by name.
#pragma once

#include <cstdint>

namespace chatwire {

/// What a decode holds its input to.
enum class contract : std::uint8_t {
  none,  ///< nothing: lenient decoding, which takes and repairs what real servers send
${names}};

}  // namespace chatwire
`;
}

export function structsFiles(catalog) {
  return [
    ["src/chatwire/models.hpp", modelsHeader(catalog)],
    ["src/chatwire/contract.hpp", contractHeader(catalog)],
    ["src/structs/generated/descriptions.hpp", descriptionsHeader(catalog)],
    ["src/structs/generated/to_json.cpp", conversionsSource(catalog, "to_value", toJson)],
    ["src/structs/generated/from_json.cpp", conversionsSource(catalog, "from_value", fromJson)],
  ];
}
