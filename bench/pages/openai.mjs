import { streams } from "../peers/openai.mjs";
import { resultOfAsync } from "./result.mjs";

export const stream = resultOfAsync(streams["openai-final"]);
