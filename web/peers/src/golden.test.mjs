// The recorded files are what today's packages produce.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathOf, record } from "./golden.mjs";

for (const [file, recorded] of Object.entries(await record())) {
  test(`${file} is what the packages produce`, () => {
    assert.deepEqual(JSON.parse(readFileSync(pathOf(file), "utf8")), JSON.parse(JSON.stringify(recorded)));
  });
}
