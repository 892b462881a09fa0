// A plugin for Vite: puts script and style into the page, which then works from anywhere, from a disk too,
// and allows these two alone by their hashes.
import { createHash } from "node:crypto";

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const policyFor = (script, style) =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** Takes the only file of a kind out of a bundle. */
function take(bundle, ending) {
  const names = Object.keys(bundle).filter((name) => name.endsWith(ending));
  if (names.length !== 1) throw new Error(`${names.length} files end with ${ending}, not one`);
  const { code, source } = bundle[names[0]];
  delete bundle[names[0]];
  return code ?? source;
}

export function singleFile() {
  return {
    name: "single-file",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      // What ends a script must not stand in one.
      const script = take(bundle, ".js").replaceAll("</script", "<\\/script");
      const style = take(bundle, ".css");
      const policy = policyFor(script, style);
      page.source = page.source
        .replace(/\s*<script type="module"[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/, () => `\n    <style>${style}</style>`)
        .replace(
          "<title>",
          () => `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <title>`,
        )
        .replace("</body>", () => `  <script type="module">${script}</script>\n  </body>`);
    },
  };
}
