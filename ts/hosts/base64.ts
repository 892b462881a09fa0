// Native ways to read base64 take a tenth of the time, where there are any.
const native = globalThis as {
  Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> };
};
const NativeBytes = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (NativeBytes.fromBase64 !== undefined) return NativeBytes.fromBase64(base64);
  if (native.Buffer !== undefined) return native.Buffer.from(base64, "base64");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
