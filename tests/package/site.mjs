// Serves the folder of a project to browsers, under a policy as strict as WebAssembly can have it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
const nothingElse = "default-src 'none'; connect-src 'self'; worker-src 'self'";
const strict = "'self' 'nonce-map' 'wasm-unsafe-eval'";

/**
 * @param folder what is served
 * @param files more of them, by path: `{ type, body }`
 * @param scripts which of them are allowed
 * @param others what else is
 */
export async function startSite(folder, files = {}, scripts = strict, others = nothingElse) {
  const policy = `${others}; script-src ${scripts}`;
  const find = (path) => {
    if (path in files) return files[path];
    const file = join(folder, path);
    if (!existsSync(file) || !statSync(file).isFile()) return undefined;
    return { type: types[extname(file)] ?? "text/plain", body: readFileSync(file) };
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const found = find(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (found === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": found.type, "content-security-policy": policy });
    response.end(found.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
