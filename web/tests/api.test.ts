/** src/wire/api is what wire/openapi.json gives. */
import { expect, it } from "vitest";
import { generated, read, TARGET } from "../tools/api.mjs";

it("the generated client is that of wire/openapi.json (npm run wire writes it)", { timeout: 60_000 }, async () => {
  const [wanted, kept] = await Promise.all([generated(), read(TARGET)]);
  expect(Object.keys(kept)).toEqual(Object.keys(wanted));
  for (const [file, text] of Object.entries(wanted)) expect(kept[file] === text, `${file} is out of date`).toBe(true);
});
