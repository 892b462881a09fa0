// The value of partial JSON: carries out what the core tells of it (src/partial/partial_json.hpp).

// Operations, by their numbers there.
const beginObject = 1;
const beginArray = 2;
const end = 3;
const key = 4;
const moreKey = 5;
const text = 6;
const moreText = 7;
const number = 8;
const provisional = 9;
const yes = 10;
const no = 11;
const nullValue = 12;
const complete = 13;
const broken = 14;
const restart = 15;

type Container = unknown[] | Record<string, unknown>;

// A double is told as two words, which may begin at an odd one.
const halves = new Uint32Array(2);
const double = new Float64Array(halves.buffer);

/** A value that is still coming. Nothing is built twice: what is there grows in place. */
export class PartialTree {
  /** What has come so far; undefined while nothing has. */
  value: unknown = undefined;
  /** The value is whole, and nothing but white space has followed. */
  complete = false;
  /** The text is not JSON from some point on. */
  broken = false;

  private readonly outer: Container[] = [];
  private inner: Container | undefined = undefined;
  /** Of the member that comes next. */
  private name = "";
  /** The string that may go on. */
  private string = "";
  private mayGoOn = false;

  /**
   * Carries out the operations in `count` words from the word `from` on, which follow those of the
   * last call.
   *
   * @param textOf makes a string of the text that operations speak of
   */
  apply(
    words: Uint32Array,
    from: number,
    count: number,
    textOf: (position: number, length: number) => string,
  ): void {
    let at = from;
    const takeText = (): string => {
      const made = textOf(words[at] as number, words[at + 1] as number);
      at += 2;
      return made;
    };
    while (at < from + count) {
      const operation = words[at++] as number;
      switch (operation) {
        case beginObject:
          this.begin({});
          break;
        case beginArray:
          this.begin([]);
          break;
        case end:
          this.inner = this.outer.pop();
          break;
        case key:
          this.name = takeText();
          break;
        case moreKey:
          this.name += takeText();
          break;
        case text:
          this.string = takeText();
          this.add(this.string);
          break;
        case moreText:
          this.string += takeText();
          this.replace(this.string);
          break;
        case number:
        case provisional:
          halves[0] = words[at++] as number;
          halves[1] = words[at++] as number;
          if (this.mayGoOn) this.replace(double[0]);
          else this.add(double[0]);
          this.mayGoOn = operation === provisional;
          break;
        case yes:
        case no:
          this.add(operation === yes);
          break;
        case nullValue:
          this.add(null);
          break;
        case complete:
          this.complete = true;
          break;
        case broken:
          this.broken = true;
          this.complete = false;
          break;
        case restart:
          this.restart();
          break;
      }
    }
  }

  private begin(container: Container): void {
    this.add(container);
    if (this.inner !== undefined) this.outer.push(this.inner);
    this.inner = container;
  }

  // Puts a value at the place at hand.
  private add(value: unknown): void {
    const { inner } = this;
    if (Array.isArray(inner)) inner.push(value);
    else this.replace(value);
  }

  // Puts a value where the last one is.
  private replace(value: unknown): void {
    const { inner, name } = this;
    if (inner === undefined) {
      this.value = value;
    } else if (Array.isArray(inner)) {
      inner[inner.length - 1] = value;
    } else if (name === "__proto__") {
      // An own member, never the prototype.
      Object.defineProperty(inner, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    } else {
      inner[name] = value;
    }
  }

  // The value stays until there is another.
  private restart(): void {
    this.outer.length = 0;
    this.inner = undefined;
    this.mayGoOn = false;
    this.complete = false;
    this.broken = false;
  }
}
