import { streams } from "../peers/ai-sdk.mjs";
import { resultOfAsync } from "./result.mjs";

export const stream = resultOfAsync(streams["ai-sdk"]);
