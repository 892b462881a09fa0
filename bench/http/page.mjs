// The same in a page.
import { compare } from "./client.mjs";
import { plans } from "./shape.mjs";
import { load, makeSides } from "./sides.mjs";

globalThis.measure = async (name, plan, origins) => {
  const { init } = await import("chatwire");
  await init();
  return compare({ ...(await makeSides(name, load)), origins, plan: plans[plan] });
};
