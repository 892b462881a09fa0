// Streams by hand: lines and JSON.parse, as in the examples of many services.
import { Assembly } from "./assembly.mjs";

/** Takes reads, gives the data of each event to `take`. Knows `data: ` and `\n` alone. */
export class LineSplitter {
  #decoder = new TextDecoder();
  #rest = "";

  feed(read, take) {
    const text = this.#rest + this.#decoder.decode(read, { stream: true });
    let from = 0;
    for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
      if (to > from && text.startsWith("data: {", from)) take(text.slice(from + 6, to));
      from = to + 1;
    }
    this.#rest = text.slice(from);
  }
}

function lines(use) {
  const take = (json) => use(JSON.parse(json));
  return (reads) => {
    const splitter = new LineSplitter();
    for (const read of reads) splitter.feed(read, take);
  };
}

export const streams = {
  lines,
  assembled: (use) => (reads) => {
    const splitter = new LineSplitter();
    const assembly = new Assembly();
    const take = (json) => assembly.addWire(JSON.parse(json));
    for (const read of reads) splitter.feed(read, take);
    use(assembly.completion);
  },
  reader: (use) => {
    const take = (json) => use(JSON.parse(json));
    return async (response) => {
      const splitter = new LineSplitter();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        splitter.feed(value, take);
      }
    };
  },
};
