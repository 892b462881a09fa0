import { completion } from "../peers/zod-schema.mjs";

const decoder = new TextDecoder();

export const body = (bytes) => completion.parse(JSON.parse(decoder.decode(bytes)));
