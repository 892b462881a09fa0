// Text that is shown while it comes.
import { dim, harmless, line } from "./terminal.js";

const margin = 14;
const width = Math.max(40, Math.min(process.stdout.columns || 96, 96));

/** Writes what comes, as it comes: what goes on by turns begins a line at every turn. */
export class Live {
  #channel = "";
  #column = 0;

  /** More text of a channel, such as the answer of a choice. */
  write(
    channel: string,
    label: string,
    text: string,
    style: (text: string) => string = (same) => same,
  ): void {
    if (channel !== this.#channel) this.#begin(channel, label);
    if (text !== "") process.stdout.write(style(this.#wrap(harmless(text))));
  }

  #begin(channel: string, label: string): void {
    this.end();
    this.#channel = channel;
    const name = `  ${line(label, 40)}`;
    const isLong = name.length >= margin;
    process.stdout.write(dim(name.padEnd(margin)) + (isLong ? "\n" : ""));
    this.#column = isLong ? 0 : margin;
  }

  // Lines are broken at the first blank near their end: what follows it is not known yet.
  #wrap(text: string): string {
    let wrapped = "";
    for (const character of text) {
      if (character === "\n" || (character === " " && this.#column > width - 10)) {
        wrapped += "\n";
        this.#column = 0;
        continue;
      }
      if (this.#column === 0) {
        wrapped += " ".repeat(margin);
        this.#column = margin;
      }
      wrapped += character;
      this.#column++;
    }
    return wrapped;
  }

  /** Ends the line that is being written, if one is. */
  end(): void {
    if (this.#column !== 0) process.stdout.write("\n");
    this.#channel = "";
    this.#column = 0;
  }
}
