// JSON text of which it is known where each value begins.

function keyOf(path) {
  return JSON.stringify(path);
}

/**
 * Prints a JSON value with white space between its parts.
 * @returns `{ text, bytes, offsetOf }`: `offsetOf(path)` is the byte at which a value begins.
 */
export function print(value) {
  const offsets = new Map();
  let text = "";
  let size = 0;
  const put = (part) => {
    text += part;
    size += Buffer.byteLength(part);
  };
  const walk = (inner, path) => {
    offsets.set(keyOf(path), size);
    if (typeof inner !== "object" || inner === null) return put(JSON.stringify(inner));
    const isArray = Array.isArray(inner);
    put(isArray ? "[" : "{");
    for (const [i, [name, member]] of Object.entries(inner).entries()) {
      put(i === 0 ? "\n" : " ,\t");
      if (!isArray) put(`${JSON.stringify(name)} : `);
      walk(member, [...path, isArray ? i : name]);
    }
    put(isArray ? " ]" : "\r\n}");
  };
  put(" \n");
  walk(value, []);
  put(" ");
  const bytes = new TextEncoder().encode(text);
  if (bytes.length !== size) throw new Error("the sizes of the parts do not add up");
  return {
    text,
    bytes,
    offsetOf(path) {
      const offset = offsets.get(keyOf(path));
      if (offset === undefined) throw new Error(`there is no value at ${keyOf(path)}`);
      return offset;
    },
  };
}

/** The value at a path. */
export function valueAt(document, path) {
  return path.reduce((value, step) => value[step], document);
}

/** A copy of the document in which the object or array at `path` was changed by `change`. */
export function changed(document, path, change) {
  const copy = structuredClone(document);
  change(valueAt(copy, path));
  return copy;
}

/** A member like any other, whatever its name. */
export function setMember(object, name, value) {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
