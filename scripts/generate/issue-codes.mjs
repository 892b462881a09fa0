// ts/generated/issue-codes.ts and docs/issues.md: what a decode may have to report.

import { banner } from "./catalog.mjs";

export function issueCodesFiles(catalog) {
  const text = `// ${banner}

/** How grave an issue is: an \`error\` fails the decode. */
export type Severity = "info" | "warning" | "error";

/** What an issue is about. */
export type IssueCode =
${catalog.issueCodes.map(({ code }) => `  | ${JSON.stringify(code)}`).join("\n")};

/** Every code in the order of its number. */
export const issueCodes: readonly IssueCode[] = [
${catalog.issueCodes.map(({ code }) => `  ${JSON.stringify(code)},\n`).join("")}];

/** What each code means. */
export const issueDocs: Readonly<Record<IssueCode, string>> = {
${catalog.issueCodes.map(({ code, doc }) => `  ${code}: ${JSON.stringify(doc)},\n`).join("")}};
`;
  return [["ts/generated/issue-codes.ts", text]];
}
