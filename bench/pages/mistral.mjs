import { bodies, streams } from "../peers/mistral.mjs";
import { resultOf, resultOfAsync } from "./result.mjs";

export const body = resultOf(bodies.mistral);
export const stream = resultOfAsync(streams.mistral);
