import { afterEach, expect, test, vi } from "vitest";
import { createClient, type HeliographClient } from "../src/index.js";
import { startWorker } from "../src/start-worker.js";
import { ManualTiming } from "./manual-timing.js";

afterEach(() => vi.unstubAllGlobals());

/** A client on a page of this address whose fetches fail until `answers` is set, as the browser makes them fail for a page of a refused origin. */
function clientOn(page: string | undefined, url: string): { readonly client: HeliographClient; answers: boolean } {
  vi.stubGlobal("location", page === undefined ? undefined : new URL(page));
  const made = { answers: false };
  const fetch = () => (made.answers ? Promise.resolve(Response.json({ asOf: "k1:1:x" })) : Promise.reject(new TypeError("Failed to fetch")));
  return Object.assign(made, { client: createClient({ url, getToken: () => Promise.resolve({ token: "t" }), overrides: { fetch } }) });
}

test("a server of another origin that never answered may not accept the page's: the error names the origin and the setting", async () => {
  const { client } = clientOn("https://app.example.com/desk", "https://live.example.com/heliograph");

  await expect(client.rest.head()).rejects.toThrow(
    "the server cannot be reached, or its setting heliograph.allowed-origins does not list https://app.example.com",
  );
});

test.each([
  ["on the page's own origin", "https://app.example.com/desk", "/heliograph"],
  ["on the page's own origin, by its URL", "https://app.example.com/desk", "https://app.example.com"],
  ["of a client without a page", undefined, "https://live.example.com"],
])("a server %s is not reached for another reason", async (_, page, url) => {
  await expect(clientOn(page, url).client.rest.head()).rejects.toThrow(/^the server cannot be reached$/);
});

test("a server that answered before accepts the page", async () => {
  const made = clientOn("https://app.example.com/desk", "https://live.example.com");
  made.answers = true;
  await made.client.rest.head();
  made.answers = false;

  await expect(made.client.rest.head()).rejects.toThrow(/^the server cannot be reached$/);
});

test("a worker whose file is missing, or does not call serveTabs, says what to do", async () => {
  const timing = new ManualTiming();
  const worker = { port: { postMessage: () => undefined } } as unknown as SharedWorker;
  const settings = { scope: "ws_1/mem_1" } as Parameters<typeof startWorker>[1];

  const missing = startWorker(() => worker, settings, timing);
  worker.onerror?.(new Event("error") as ErrorEvent);
  await expect(missing).rejects.toThrow("its file has to be JavaScript of the page's own origin");

  const silent = startWorker(() => worker, settings, timing);
  const told = expect(silent).rejects.toThrow("its file has to call serveTabs()");
  await timing.advance(1_500);
  await told;
});
