/** Where the package is, wherever in it this code has come to lie. */
export const packageFolder: URL = new URL(".", import.meta.resolve("chatwire/package.json"));
