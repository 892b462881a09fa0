// What a TypeScript source exports: each declaration with its signature, its members and its
// documentation comment. Sources annotate all that they export (isolatedDeclarations), so their text
// is enough.
import { parse } from "@babel/parser";

/** The comment's text without its frame: paragraphs, and the tags below. */
function readComment(value) {
  const text = value
    .replace(/^\*/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*( |$)/, ""))
    .join("\n")
    .trim();
  const [prose, ...rest] = `\n${text}`.split(/\n@(?=param|returns|throws|example|internal)/);
  const doc = { prose: prose.trim(), params: new Map(), throws: [], examples: [], returns: "" };
  doc.isInternal = /@internal/.test(text);
  doc.prose = doc.prose.replace(/\s*@internal$/, "");
  for (const tag of rest) {
    const [, name, body] = /^(\w+)\s*([\s\S]*)$/.exec(tag);
    if (name === "param") {
      const [, param, about] = /^(\w+)\s+([\s\S]*)$/.exec(body);
      doc.params.set(param, about.trim());
    } else if (name === "throws") doc.throws.push(body.trim());
    else if (name === "returns") doc.returns = body.trim();
    else if (name === "example") doc.examples.push(body.trim());
  }
  return doc;
}

const parsed = (text) =>
  parse(text, {
    sourceType: "module",
    plugins: ["typescript", ["estree", { classFeatures: true }]],
    attachComment: false,
  });

/** The exported declarations of a source by their names: `Map` of lists, as functions may be overloaded. */
export function declarationsOf(path, text) {
  const { program, comments } = parsed(text);
  const ends = new Map(comments.map((comment) => [comment.end, comment]));

  const commentBefore = (start) => {
    const end = text.slice(0, start).trimEnd().length;
    const comment = ends.get(end);
    return comment?.type === "CommentBlock" && comment.value.startsWith("*")
      ? readComment(comment.value)
      : undefined;
  };
  const slice = (from, to) => text.slice(from, to).trim().replace(/;$/, "");
  /** What stands before the body or the value. */
  const head = (node) => slice(node.start, node.body?.start ?? node.end);
  const typeOf = (node) =>
    node.typeAnnotation && slice(node.typeAnnotation.typeAnnotation.start, node.typeAnnotation.end);

  const paramsOf = (params) =>
    params.map((param) => {
      const target = param.type === "AssignmentPattern" ? param.left : param;
      return {
        name: target.type === "Identifier" ? target.name : "options", // taken apart at once
        type: typeOf(target),
        isOptional: target.optional === true || param !== target,
      };
    });

  const signatureOf = (node) => ({
    text: head(node),
    params: paramsOf(node.params),
    doc: commentBefore(node.start),
  });

  function interfaceMember(member) {
    const doc = commentBefore(member.start);
    if (member.type !== "TSPropertySignature")
      return { name: slice(member.start, member.end), doc };
    const name = text.slice(member.key.start, member.key.end);
    return { name, type: typeOf(member), isOptional: member.optional, doc };
  }

  function classMember(member) {
    const isPrivate =
      member.accessibility === "private" || member.key?.type === "PrivateIdentifier";
    const doc = commentBefore(member.start);
    if (isPrivate || doc?.isInternal || member.type === "StaticBlock") return [];
    const name = text.slice(member.key.start, member.key.end);
    if (member.type === "PropertyDefinition") {
      const value = member.value;
      return { is: "property", name, type: typeOf(member) ?? slice(value.start, value.end), doc };
    }
    const { value, kind, start } = member;
    const signature = slice(start, value.body?.start ?? member.end).replace(/^override /, "");
    if (kind === "get") {
      const type = slice(value.returnType.typeAnnotation.start, value.returnType.end);
      return { is: "property", name, type, doc };
    }
    return {
      is: kind === "constructor" ? "constructor" : "method",
      name: member.computed ? `[${name}]` : name,
      signatures: [{ text: signature, params: paramsOf(value.params), doc }],
    };
  }

  function describe(node, doc) {
    switch (node.type) {
      case "TSDeclareFunction":
      case "FunctionDeclaration": {
        const signature = { ...signatureOf(node), doc };
        return { is: "function", name: node.id.name, signatures: [signature] };
      }
      case "ClassDeclaration":
        return {
          is: "class",
          name: node.id.name,
          doc,
          text: head(node),
          members: node.body.body.flatMap(classMember),
        };
      case "TSInterfaceDeclaration":
        return {
          is: "interface",
          name: node.id.name,
          doc,
          text: slice(node.start, node.end),
          members: node.body.body.map(interfaceMember),
        };
      case "TSTypeAliasDeclaration":
        return { is: "type", name: node.id.name, doc, text: slice(node.start, node.end) };
      case "VariableDeclaration": {
        const [{ id }] = node.declarations;
        return { is: "constant", name: id.name, doc, text: `const ${slice(id.start, id.end)}` };
      }
      default:
        throw new Error(`${path}: what is a ${node.type}?`);
    }
  }

  const found = new Map();
  for (const { type, declaration, start } of program.body) {
    if (type !== "ExportNamedDeclaration" || !declaration) continue;
    const made = describe(declaration, commentBefore(start));
    const known = found.get(made.name);
    // The last of overloads is the implementation, which callers do not see.
    if (known === undefined) found.set(made.name, made);
    else if (declaration.type === "TSDeclareFunction") known.signatures.push(...made.signatures);
  }
  return found;
}

/** What an entry exports: by name, and the sources of which it exports all types. */
export function exportsOf(text) {
  const { program } = parsed(text);
  const names = [];
  const allTypes = [];
  for (const { type, source, specifiers } of program.body) {
    if (type === "ExportAllDeclaration") allTypes.push(source.value);
    if (type === "ExportNamedDeclaration")
      for (const { exported } of specifiers)
        names.push({ name: exported.name, from: source.value });
  }
  return { names, allTypes };
}
