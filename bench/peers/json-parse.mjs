// The floor: what everybody pays before anything is checked, typed or renamed.

export const bodies = {
  "json-parse": (use) => {
    const decoder = new TextDecoder();
    return (bytes) => use(JSON.parse(decoder.decode(bytes)));
  },
  text: (use) => (text) => use(JSON.parse(text)),
  buffer: (use) => (bytes) => {
    use(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()));
  },
};
