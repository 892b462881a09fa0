import { fileURLToPath } from "node:url";
import { singleFile } from "./single-file.mjs";

const entry = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

export default {
  base: "./",
  // The package of this repository, as it is published.
  resolve: { alias: { chatwire: entry } },
  build: { target: "es2022", modulePreload: false, assetsInlineLimit: 0 },
  plugins: [singleFile()],
};
