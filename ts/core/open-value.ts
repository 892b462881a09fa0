// JSON of any form, from the cells of the tape: what no model knows, and what is open in a model.
import { type Maker, makers } from "../generated/makers.js";
import type { Extra } from "../generated/types.js";
import {
  asciiFrom,
  doubles,
  memory,
  namesVersionWord,
  namesWord,
  outcomeWordAt,
  readBig,
  text,
  words,
} from "./tape.js";

const tagBase = 0xfff80000;
const tagNull = tagBase + 1;
const tagFalse = tagBase + 2;
const tagTrue = tagBase + 3;
export const tagText: number = tagBase + 4;
const tagArray = tagBase + 5;
const tagObject = tagBase + 6;
const tagBig = tagBase + 7;
const staleOriginal = 0xffffffff;

// The core keeps short names from one tape to the next, and says when one gave way to another.
const nameCount = 512;
const firstName = 0x80000000;
const longestName = 48;
const nameBytes = 56;
const names = /* @__PURE__ */ new Array<string>(nameCount);
let version = 0;
let namesMemory: Uint8Array | undefined;

// Objects that are alike come over and over. Of each kind, by its first name and by how many members it
// has, this is known once one came: how many names it has, which function makes its objects, where its
// names are. While an object of a known kind is read, what is inside of it changes nothing of that.
const kindCount = 512;
const mostNames = 8;
const kindWords = mostNames + 2;
const kinds = /* @__PURE__ */ new Uint32Array(kindCount * kindWords);
const noMaker = 0xffff;
/** The names that each function is called with: as the very strings by which engines know members. */
const madeNames: (readonly string[])[] = [];

/** The word after the value that was read last. */
let cursor = 0;

// The input decides how deep a value is: so deep it is read with recursion, which is fast, and further
// down without.
const deepest = 48;

/** Any JSON value. */
export function openValue(at: number): unknown {
  const now = outcomeWordAt(namesVersionWord);
  if (now !== version || namesMemory !== memory) {
    version = now;
    namesMemory = memory;
    names.fill("");
    kinds.fill(0);
  }
  cursor = at;
  return read(deepest);
}

/** The members that a model does not know, from the list that begins at word `first` of the tape. */
export function extras(first: number, base: number): Extra {
  const made: Extra = {};
  for (let next = first; next !== 0; ) {
    const entry = base + next;
    if (words[entry + 1] !== staleOriginal) {
      const value = openValue(entry + 4);
      define(made, entry + 2, value);
    }
    next = words[entry] as number;
  }
  return made;
}

/** The name in the cells with this position. */
function nameOf(position: number): string {
  const number = position - firstName;
  const known = names[number] as string;
  if (known !== "") return known;
  const at = outcomeWordAt(namesWord) + number * nameBytes;
  const name = asciiFrom(at, words[(at + longestName) >> 2] as number);
  names[number] = name;
  return name;
}

// A member of any name becomes a member of its own, never a prototype.
function define(target: Extra, nameCell: number, value: unknown): void {
  const position = words[nameCell] as number;
  if (((words[nameCell + 1] as number) & 7) === 7) {
    Object.defineProperty(target, "__proto__", {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    target[position < firstName ? text(nameCell) : nameOf(position)] = value;
  }
}

function read(levels: number): unknown {
  const at = cursor;
  const tag = words[at + 1] as number;
  cursor = at + 2;
  if (tag < tagBase) return doubles[at >> 1];
  if (tag === tagText) {
    cursor = at + 4;
    return text(at + 2);
  }
  if (tag === tagNull) return null;
  if (tag === tagFalse) return false;
  if (tag === tagTrue) return true;
  if (tag === tagBig) {
    cursor = at + 4;
    return readBig(text(at + 2));
  }
  const count = words[at] as number;
  if (count === 0) return tag === tagArray ? [] : {};
  if (levels === 0) return readDeep(at);
  return tag === tagArray ? readArray(count, levels - 1) : readObject(count, levels - 1);
}

function readArray(count: number, levels: number): unknown[] {
  if (count === 1) return [read(levels)];
  if (count === 2) return [read(levels), read(levels)];
  // Grown one by one, arrays would take several times the memory. Arrays of numbers only are made at a
  // place of their own, so that engines keep them as doubles.
  return (words[cursor + 1] as number) < tagBase
    ? fill(new Array(count), levels)
    : fill(new Array(count), levels);
}

function fill(made: unknown[], levels: number): unknown[] {
  let at = cursor;
  for (let i = 0; i < made.length; i++) {
    if ((words[at + 1] as number) < tagBase) {
      made[i] = doubles[at >> 1];
      at += 2;
    } else {
      cursor = at;
      made[i] = read(levels);
      at = cursor;
    }
  }
  cursor = at;
  return made;
}

/** Reads members into an object, and notes the positions of their names; 0: the name is an unusual one. */
function readMembers(made: Extra, count: number, levels: number, positions?: number[]): Extra {
  for (let left = count; left !== 0; left--) {
    const name = cursor;
    positions?.push(((words[name + 1] as number) & 7) === 0 ? (words[name] as number) : 0);
    cursor = name + 2;
    define(made, name, read(levels));
  }
  return made;
}

function readObject(count: number, levels: number): Extra {
  const first = words[cursor] as number;
  if (count > mostNames || first < firstName) return readMembers({}, count, levels);
  // A kind is in the first of two places that was free.
  let number = first * 9 + count;
  let kind = 0;
  for (let tries = 2; ; number++) {
    kind = (number & (kindCount - 1)) * kindWords;
    if (kinds[kind] === 0) return readFirst(kind, count, levels);
    if (kinds[kind] === count && kinds[kind + 2] === first) break;
    if (--tries === 0) return readMembers({}, count, levels);
  }
  let a: unknown;
  let b: unknown;
  let c: unknown;
  let d: unknown;
  let e: unknown;
  let f: unknown;
  let g: unknown;
  let h: unknown;
  let done = 0;
  for (; done < count && words[cursor] === kinds[kind + 2 + done]; done++) {
    cursor += 2;
    const value = read(levels);
    if (done === 0) a = value;
    else if (done === 1) b = value;
    else if (done === 2) c = value;
    else if (done === 3) d = value;
    else if (done === 4) e = value;
    else if (done === 5) f = value;
    else if (done === 6) g = value;
    else h = value;
  }
  if (done === count) {
    const maker = kinds[kind + 1] || findMaker(kind, count);
    if (maker !== noMaker) {
      const make = makers[maker - 1] as Maker;
      return make(madeNames[maker - 1] as string[], count, a, b, c, d, e, f, g, h);
    }
  }
  const made: Extra = {};
  const values = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < done; i++) made[nameOf(kinds[kind + 2 + i] as number)] = values[i];
  return readMembers(made, count - done, levels);
}

function readFirst(kind: number, count: number, levels: number): Extra {
  const positions: number[] = [];
  const made = readMembers({}, count, levels, positions);
  // If an object inside was of this kind, the same is known of it, or something else is known now.
  if (positions.every((position) => position >= firstName)) {
    kinds.set([count, 0, ...positions], kind);
  }
  return made;
}

/** The number, from 1 on, of the function that makes objects of a kind from now on. */
function findMaker(kind: number, count: number): number {
  const wanted = Array.from(kinds.subarray(kind + 2, kind + 2 + count), nameOf);
  const isWanted = (keys: readonly string[]) => keys.join('"') === wanted.join('"');
  let maker = madeNames.findIndex(isWanted) + 1;
  if (maker === 0) {
    const keys = Object.keys(Object.fromEntries(wanted.map((name) => [name])));
    // A name that comes twice has one member only.
    maker = isWanted(keys) && madeNames.length < makers.length ? madeNames.push(keys) : noMaker;
  }
  kinds[kind + 1] = maker;
  return maker;
}

/** An array or object that is being filled. */
interface Unfinished {
  value: unknown[] | Extra;
  isArray: boolean;
  /** How many elements or members it has, and how many are there. */
  count: number;
  filled: number;
  nameCell: number;
}

// Arrays and objects are kept in a list while they are filled; what they hold else is read as ever.
function readDeep(at: number): unknown {
  const nest: Unfinished[] = [];
  cursor = at;
  for (;;) {
    const tag = words[cursor + 1] as number;
    const count = words[cursor] as number;
    if ((tag === tagArray || tag === tagObject) && count !== 0) {
      const isArray = tag === tagArray;
      const nameCell = cursor + 2;
      cursor = isArray ? nameCell : nameCell + 2;
      const value = isArray ? new Array<unknown>(count) : {};
      nest.push({ value, isArray, count, filled: 0, nameCell });
      continue;
    }
    let value = read(0);
    // A value is complete: it goes where it belongs, and so does what it completes.
    for (;;) {
      const inner = nest[nest.length - 1];
      if (inner === undefined) return value;
      if (inner.isArray) (inner.value as unknown[])[inner.filled] = value;
      else define(inner.value as Extra, inner.nameCell, value);
      if (++inner.filled !== inner.count) {
        if (!inner.isArray) {
          inner.nameCell = cursor;
          cursor += 2;
        }
        break;
      }
      value = inner.value;
      nest.pop();
    }
  }
}
