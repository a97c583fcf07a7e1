import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Readable } from "svelte/store";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient, type ConnectionSnapshot, type HeliographClient } from "../src/index.js";
import { eventually } from "./eventually.js";
import { FakeServer } from "./fake-server.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
let folder: string;
let server: FakeServer;
let client: HeliographClient;
let disconnect: () => void;

beforeAll(() => {
  // Below node_modules, where vue and svelte are found.
  folder = mkdtempSync(fileURLToPath(new URL("../../../node_modules/.stores-", import.meta.url)));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  server = await FakeServer.start();
  client = createClient({ url: server.url, getToken: () => Promise.resolve({ token: "a token" }) });
  disconnect = () => undefined;
});
afterEach(async () => {
  disconnect();
  await server.stop();
});

/** The module that stands in the README under this name. */
async function fromReadme(name: string): Promise<Record<string, unknown>> {
  const code = new RegExp(`\`\`\`js\\n(// ${name}\\n[^]*?)\`\`\``).exec(readme)?.[1];
  if (code === undefined) throw new Error(`the README has no ${name}`);
  const file = join(folder, name.replace(".js", ".mjs"));
  writeFileSync(file, code);
  return (await import(file)) as Record<string, unknown>;
}

describe("the README's stores follow the client", () => {
  test("in Vue, until their scope ends", async () => {
    const { useStore } = (await fromReadme("vue-store.js")) as { useStore: (store: HeliographClient) => { readonly value: ConnectionSnapshot } };
    const { effectScope, watch } = await import("vue");
    const scope = effectScope();
    const seen: string[] = [];
    const state = scope.run(() => useStore(client));
    if (state === undefined) throw new Error("the scope did not run");
    watch(() => state.value.status, (status) => void seen.push(status), { flush: "sync" });
    expect(state.value.status).toBe("idle");

    disconnect = client.connect();
    await eventually(() => expect(state.value.status).toBe("live"));
    scope.stop();
    client.signOut();

    expect(client.getState().status).toBe("unauthorized");
    expect(seen).toEqual(["connecting", "live"]);
  });

  test("in Svelte, while somebody reads them", async () => {
    const { toStore } = (await fromReadme("svelte-store.js")) as { toStore: (store: HeliographClient) => Readable<ConnectionSnapshot> };
    const seen = new Set<string>();
    const store = toStore(client);
    const undo = store.subscribe(({ status }) => seen.add(status));

    disconnect = client.connect();
    await eventually(() => expect(seen).toContain("live"));
    undo();
    client.signOut();

    expect([...seen]).toEqual(["idle", "connecting", "live"]);
    let again = "";
    store.subscribe(({ status }) => (again = status))();
    expect(again).toBe("unauthorized");
  });
});
