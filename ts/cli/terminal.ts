// What a terminal is given: colours where it has them, and no text from outside that it would obey.

const { NO_COLOR } = process.env;
const hasColors = (stream: { isTTY?: boolean }) => stream.isTTY === true && !NO_COLOR;

/** Whether standard output is shown in colours. */
export const colors: boolean = hasColors(process.stdout);
const errorColors = hasColors(process.stderr);

const painted = (code: number, text: string) => `\x1b[${code}m${text}\x1b[0m`;

export const paint = (code: number, text: string): string => (colors ? painted(code, text) : text);
export const bold = (text: string): string => paint(1, text);
export const dim = (text: string): string => paint(2, text);

/** The colours of issues. */
export const severityColors = { error: 31, warning: 33, info: 36 };

/** Text from outside without the characters that a terminal would obey; line feeds stay. */
export function harmless(text: string): string {
  return text
    .replace(/\r/g, "")
    .replace(/\t/g, " ")
    .replace(/(?!\n)\p{Cc}/gu, "\ufffd");
}

/** Text from outside on one line, cut. */
export function line(text: string, longest = 76): string {
  const plain = harmless(text.replace(/\s+/g, " "));
  const characters = Array.from(plain);
  return characters.length > longest ? `${characters.slice(0, longest - 3).join("")}...` : plain;
}

/** Tells on standard error what is wrong. */
export function complain(text: string): void {
  const name = errorColors ? painted(31, "chatwire:") : "chatwire:";
  process.stderr.write(`${name} ${text}\n`);
}
