// docs/benchmarks.svg: the results as bars. Colours follow the reader's light or dark page.
const width = 760;
const left = 190; // of the bars
const right = 70; // for their numbers
const bar = { height: 13, gap: 7 };

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .note { fill: #59636e; font-size: 11px; }
  .ahead { fill: #1a7f37; }
  .short { fill: #9a6700; }
  .behind { fill: #cf222e; }
  .peer { fill: #8c959f; }
  .line { stroke: #59636e; stroke-width: 1; }
  .aim { stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note { fill: #9198a1; }
    .ahead { fill: #3fb950; }
    .short { fill: #d29922; }
    .behind { fill: #f85149; }
    .peer { fill: #656c76; }
    .line { stroke: #9198a1; }
  }`;

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => String(text).replace(/[&<>"]/g, (char) => escapes[char]);
const at = (number) => number.toFixed(1);

const text = (x, y, content, more = "") =>
  `<text x="${at(x)}" y="${at(y)}"${more}>${escaped(content)}</text>`;

const rule = (x, top, bottom, more) =>
  `<line x1="${at(x)}" x2="${at(x)}" y1="${at(top)}" y2="${at(bottom)}" class="line${more}"/>`;

/**
 * Bars under a title.
 * @param bars `{ label, value, shown, kind }`, from the top
 * @param lines `{ value, label, isAim }`
 * @returns what is drawn, and how high it is
 */
function panel({ title, note, bars, lines = [] }, top) {
  const most = Math.max(...bars.map(({ value }) => value), ...lines.map(({ value }) => value));
  const scale = (width - left - right) / most;
  const from = top + 58;
  const step = bar.height + bar.gap;
  const bottom = from + bars.length * step;
  const drawn = [
    text(0, top + 14, title, ' class="title"'),
    text(0, top + 31, note, ' class="note"'),
    ...lines.flatMap(({ value, label, isAim }) => {
      const x = left + value * scale;
      return [
        rule(x, from - 6, bottom, isAim ? " aim" : ""),
        text(x, from - 10, label, ' class="note" text-anchor="middle"'),
      ];
    }),
    ...bars.flatMap(({ label, value, shown, kind }, index) => {
      const y = from + index * step;
      const length = value * scale;
      return [
        text(left - 8, y + 11, label, ' text-anchor="end"'),
        `<rect x="${left}" y="${at(y)}" width="${at(length)}" height="${bar.height}" class="${kind}"/>`,
        text(width, y + 11, shown, ' text-anchor="end"'),
      ];
    }),
  ];
  return { drawn, height: bottom - top + 26 };
}

/** The panels below each other, as one picture. */
export function chart(title, panels) {
  let top = 4;
  const drawn = [];
  for (const of of panels) {
    const made = panel(of, top);
    drawn.push(...made.drawn);
    top += made.height;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${at(top)}" width="${width}" height="${at(top)}" role="img">
<title>${escaped(title)}</title>
<style>${style}
</style>
${drawn.join("\n")}
</svg>
`;
}
