// The two sides of a pair, each with what it needs for itself alone.
import { pairs } from "./pairs.mjs";

const wireNames = ["lines", "openai"];

async function drain(response) {
  const reader = response.body.getReader();
  while (!(await reader.read()).done);
}

/**
 * @param load gives the module of a peer, and `use` once for each side: bundlers want to be told of each
 */
export async function makeSides(name, load) {
  const { file, ours } = pairs[name];
  const isCompletion = ours === "final";
  const make = async (side, from, way) => {
    const uses = await load.use(side);
    const { streams } = await load[from]();
    const isWire = wireNames.includes(from) && !isCompletion;
    const useName = isCompletion ? "useCompletion" : isWire ? "useWireChunk" : "useChunk";
    // What openai puts together has the wire's names.
    const isWireCompletion = from === "openai" && isCompletion;
    return { uses, act: streams[way](uses[isWireCompletion ? "useWireCompletion" : useName]) };
  };
  return {
    theirs: file === undefined ? { act: drain } : await make("theirs", file, name),
    ours: await make("ours", "chatwire", ours),
    isCompletion,
  };
}

export const load = {
  use: (side) =>
    side === "ours" ? import("../series/use.mjs?ours") : import("../series/use.mjs?theirs"),
  chatwire: () => import("../peers/chatwire.mjs"),
  lines: () => import("../peers/lines.mjs"),
  openai: () => import("../peers/openai.mjs"),
  "ai-sdk": () => import("../peers/ai-sdk.mjs"),
  openrouter: () => import("../peers/openrouter.mjs"),
  mistral: () => import("../peers/mistral.mjs"),
};
