// The C++ names of models and members, and the C++ types of members.

const keywords = new Set(
  `alignas alignof and asm auto bitand bitor bool break case catch char class compl concept const
   consteval constexpr constinit continue decltype default delete do double else enum explicit export
   extern false float for friend goto if inline int long mutable namespace new noexcept not nullptr
   operator or private protected public register requires return short signed sizeof static struct
   switch template this throw true try typedef typeid typename union unsigned using virtual void
   volatile while xor`.split(/\s+/),
);

/** The member's name: that on the wire, unless C++ or its style has another use for it. */
export function cppMember(field) {
  const name = field.wire.toLowerCase();
  return name !== field.wire || keywords.has(name) ? `${name}_value` : name;
}

/** The type of the model's struct. Qualified, since members have the names of types, too. */
export const cppModel = (id) => `chatwire::${id}`;

const values = {
  text: "std::string",
  integer: "std::int64_t",
  count: "double",
  number: "double",
  boolean: "bool",
  integers: "std::vector<std::int64_t>",
  numbers: "std::vector<double>",
  texts: "std::vector<std::string>",
  open: "nlohmann::json",
};
const others = { text: "std::string", number: "double", map: "nlohmann::json" };

function plainType(field) {
  switch (field.kind) {
    case "object":
      return cppModel(field.object);
    case "objects":
      return `std::vector<${cppModel(field.object)}>`;
    case "content":
      return "text_or_parts";
    default:
      return values[field.kind];
  }
}

function valueType(field) {
  if (field.also.length === 0) return plainType(field);
  return `std::variant<${[plainType(field), ...field.also.map((form) => others[form])].join(", ")}>`;
}

/** The declared type of a member. */
export function cppType(field) {
  if (field.derived) return "bool";
  // Choices are gone through more than they are asked for.
  if (field.wire === "choices") return `list<${cppModel(field.object)}>`;
  return `field<${valueType(field)}>`;
}
