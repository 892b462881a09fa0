// What ends a command, and with which status.

/** The statuses that chatwire ends with. */
export const exitCodes = { ok: 0, findings: 1, trouble: 2, interrupted: 130 } as const;

/** The command line is wrong. */
export class UsageError extends Error {}

/** A file cannot be read. */
export class InputError extends Error {}

const reasons: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  EISDIR: "this is a folder",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
};

/** The same failure in words, where it is one of reading `name`; any other is a mistake of ours. */
export function inputError(name: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof InputError || code === undefined) return error;
  const isPacked = code.startsWith("Z_") || code.startsWith("ERR__ERROR_") || /zstd/i.test(code);
  const words = reasons[code] ?? (isPacked ? `it cannot be unpacked: ${message}` : message);
  return new InputError(`${name}: ${words}`);
}
