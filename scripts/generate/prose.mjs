// Documentation comments, wrapped at the width of the sources.

const width = 100;

/** Lines of a text that fit the room; the text's own line breaks stay. */
function wrap(text, room) {
  return text.split("\n").flatMap((line) => (line === "" ? [""] : wrapLine(line, room)));
}

function wrapLine(text, room) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** A `/** ... *\/` comment of these paragraphs, each on lines of its own. */
export function tsdoc(paragraphs, indent = "") {
  const said = paragraphs.filter(Boolean).map((text) => text.replaceAll("*/", "*\\/"));
  if (said.length === 0) return "";
  const lines = said.flatMap((text) => wrap(text, width - indent.length - 3));
  if (lines.length === 1 && indent.length + lines[0].length + 7 <= width) {
    return `${indent}/** ${lines[0]} */\n`;
  }
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/** The same as `///` lines for C++. */
export function doxygen(paragraphs, indent = "") {
  return paragraphs
    .filter(Boolean)
    .flatMap((text) => wrap(ascii(text), width - indent.length - 4))
    .map((line) => `${`${indent}/// ${line}`.trimEnd()}\n`)
    .join("");
}

/** C++ sources are ASCII; what is not is written as its number. */
function ascii(text) {
  return text.replace(
    /[^\n\x20-\x7e]/gu,
    (char) => `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

export const code = (text) => (text === "" ? "" : text.includes("`") ? text : `\`${text}\``);

/** What a contract's rules ask of a model beside the presence of single members. */
export function rulesInWords(model, name = (wire) => wire) {
  return model.rules.map(({ tag, value, members }) => {
    const listed = members.map((wire) => code(name(wire)));
    if (tag) {
      return `Where ${code(name(tag))} is ${code(value)}, ${listed.join(" and ")} ${listed.length > 1 ? "are" : "is"} required.`;
    }
    return `One of ${listed.join(", ")} is required.`;
  });
}
