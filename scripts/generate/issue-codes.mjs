// ts/generated/issue-codes.ts and docs/issues.md: what a decode may have to report.

import { banner } from "./catalog.mjs";
import { literal, note, table } from "./markdown.mjs";

function issuesPage(catalog) {
  const rows = catalog.issueCodes.map(({ code, severity, doc }) => [literal(code), severity, doc]);
  return `${note}

# Issues

What a decode has to report. Each issue has a \`code\`, a \`severity\`, the \`path\` of the value, its
\`offset\` in the input in bytes, a \`message\`, and where it helps what was \`expected\` and \`received\`.
An \`error\` fails the decode; what was decoded before it stays readable. A \`warning\` or \`info\` does
not: the value was repaired or kept under \`extra\`.

The severities are those of lenient decoding. Under a contract, every departure from its document is an
error.

${table(["Code", "Severity", "Meaning"], rows)}`;
}

export function issueCodesFiles(catalog) {
  const text = `// ${banner}

/** How grave an issue is: an \`error\` fails the decode. */
export type Severity = "info" | "warning" | "error";

/** What an issue is about. */
export type IssueCode =
${catalog.issueCodes.map(({ code }) => `  | ${JSON.stringify(code)}`).join("\n")};
`;
  return [
    ["ts/generated/issue-codes.ts", text],
    ["docs/issues.md", issuesPage(catalog)],
  ];
}
