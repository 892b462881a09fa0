// How far a command is, on terminals only.

const interval = 100; // milliseconds
const barWidth = 30;

export interface Progress {
  /** Takes the bar away. */
  readonly end: () => void;
}

/** Shows how much is done: `done()` of `total`, which is undefined where it is not known. */
export function showProgress(
  total: number | undefined,
  done: () => number,
  about: () => string,
): Progress {
  const { stderr } = process;
  if (stderr.isTTY !== true) return { end: () => {} };
  const draw = () => {
    const share = total === undefined || total === 0 ? undefined : Math.min(1, done() / total);
    const filled = Math.round((share ?? 0) * barWidth);
    const bar =
      share === undefined
        ? ""
        : `[${"=".repeat(filled).padEnd(barWidth)}] ${String(Math.floor(share * 100)).padStart(3)} %  `;
    stderr.write(`\r\x1b[K${bar}${about()}`);
  };
  draw();
  const timer = setInterval(draw, interval);
  return {
    end: () => {
      clearInterval(timer);
      stderr.write("\r\x1b[K");
    },
  };
}
