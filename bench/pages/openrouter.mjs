import { bodies, streams } from "../peers/openrouter.mjs";
import { resultOf, resultOfAsync } from "./result.mjs";

export const body = resultOf(bodies.openrouter);
export const stream = resultOfAsync(streams.openrouter);
