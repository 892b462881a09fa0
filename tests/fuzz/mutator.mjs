// Inputs for fuzzers in JavaScript, made of others: JSON with values, members and names moved about,
// and bytes that were damaged.
import { readFileSync } from "node:fs";

const longest = 8192;

/** The words of the dictionary that libFuzzer has, as bytes. */
function dictionary() {
  const text = readFileSync(new URL("wire.dict", import.meta.url), "latin1");
  const entries = text.split("\n").filter((line) => line.startsWith('"'));
  return entries.map((line) =>
    Buffer.from(
      line
        .slice(1, -1)
        .replace(/\\(?:x(..)|(.))/g, (_, hex, char) =>
          hex === undefined ? char : String.fromCharCode(Number.parseInt(hex, 16)),
        ),
      "latin1",
    ),
  );
}

const asJson = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isStructured = (value) => typeof value === "object" && value !== null;

/** Every place of a value: `{ holder, name }`. */
function placesOf(value) {
  const found = [];
  const left = [value];
  for (let holder = left.pop(); holder !== undefined; holder = left.pop()) {
    for (const name of Object.keys(holder)) {
      found.push({ holder, name });
      if (isStructured(holder[name])) left.push(holder[name]);
    }
  }
  return found;
}

// A name may be __proto__.
function set(holder, name, value) {
  Object.defineProperty(holder, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

const remove = ({ holder, name }) =>
  Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name];

// Numbers that JSON.stringify would write as others are written as texts first.
const odd = ["-0", "0.0", "-0.0", "1e999", "-1e999", "1E2", "-2e-400", "9007199254740993", "1.50"];
const marked = (spelling) => `\u0000${spelling}`;
const spell = (value) => JSON.stringify(value).replace(/"\\u0000([^"\\]*)"/g, "$1");

const ordinary = [null, true, false, 0, -1, 1.5, 1e21, "", "0", "null", "a", "\ud800", "\u4e2d"];
const constants = [...ordinary, [], {}, [null], [{}], { "": 0 }, { extra: {} }];
const names = ["extra", "__proto__", "toJSON", "constructor", "", "0", "indexSynthetic", "length"];

/** A function that makes an input of the given ones, each time another. */
export function createMutator(random, inputs) {
  const words = dictionary();
  const parsed = inputs.map((bytes) => asJson(bytes.toString())).filter(isStructured);
  const wireNames = words.flatMap((word) => /^"(.*)":$/.exec(word)?.[1] ?? []);
  const allNames = [...names, ...wireNames];
  const values = words.flatMap((word) => asJson(word.toString()) ?? []);

  const pickPlace = () => random.pick(placesOf(random.pick(parsed)));
  const someValue = () => {
    const place = pickPlace();
    const from = random.integer(0, 3);
    if (from === 0) return random.pick(constants);
    if (from === 1) return marked(random.pick(odd));
    if (from === 2 || place === undefined) return random.pick(values);
    return place.holder[place.name];
  };
  // Names of chatwire's, too: what encoding turns back must not be what came so.
  const someName = () => {
    const name = random.pick(allNames);
    if (random.chance(0.8)) return name;
    return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  };

  const valueChanges = [
    ({ holder, name }) => set(holder, name, structuredClone(someValue())),
    ({ holder, name }) => set(holder, name, [holder[name]]),
    ({ holder, name }) => set(holder, name, { [someName()]: holder[name] }),
    ({ holder, name }) => set(holder, name, spell(holder[name])),
    ({ holder }) =>
      Array.isArray(holder)
        ? holder.splice(random.integer(0, holder.length), 0, structuredClone(someValue()))
        : set(holder, someName(), structuredClone(someValue())),
    ({ holder, name }) => {
      const value = holder[name];
      remove({ holder, name });
      if (!Array.isArray(holder)) set(holder, someName(), value);
    },
    remove,
  ];

  const changedValue = () => {
    const value = structuredClone(random.pick(parsed));
    for (let left = random.integer(1, 6); left > 0; left--) {
      const places = placesOf(value);
      if (places.length > 0) random.pick(valueChanges)(random.pick(places));
    }
    return Buffer.from(spell(value));
  };

  const changedBytes = (bytes) => {
    const at = random.integer(0, bytes.length);
    const end = Math.min(bytes.length, at + random.integer(0, 8));
    const other = random.pick(inputs);
    const from = random.integer(0, other.length);
    const between = random.pick([
      random.pick(words),
      Buffer.of(random.integer(0, 255)),
      other.subarray(from, from + random.integer(0, 40)),
      Buffer.alloc(0),
    ]);
    return Buffer.concat([bytes.subarray(0, at), between, bytes.subarray(end)]);
  };

  return () => {
    let made = random.chance(0.8) ? changedValue() : random.pick(inputs);
    if (random.chance(0.3))
      for (let left = random.integer(1, 3); left > 0; left--) made = changedBytes(made);
    return made.subarray(0, longest);
  };
}
