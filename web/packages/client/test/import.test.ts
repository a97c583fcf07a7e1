import { expect, test } from "vitest";

test("imports and makes a client without a DOM, and opens nothing by itself", async () => {
  expect(typeof document).toBe("undefined");
  const { createClient } = await import("../src/index.js");
  let asked = 0;

  const client = createClient({
    url: "http://nowhere.invalid",
    scope: "ws_1/mem_1",
    getToken: () => {
      asked += 1;
      return Promise.resolve({ token: "t" });
    },
  });

  expect(client.getState()).toMatchObject({ status: "idle", transport: "none" });
  expect(asked).toBe(0);
});
