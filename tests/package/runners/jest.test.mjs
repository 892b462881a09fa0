import * as chatwire from "chatwire";
import { conformance } from "./conformance.mjs";

test("all is as everywhere", async () => {
  const { passed, failures } = await conformance(chatwire);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(60);
});
