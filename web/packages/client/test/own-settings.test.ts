import { beforeEach, describe, expect, test } from "vitest";
import { ContractMismatch, createClient, type HeliographClient } from "../src/index.js";
import { FakeCarriers } from "./fake-carriers.js";

const switches = { "approval.requested": true, "approval.expired": false, "agent.offline": true, "agent.error": false };
const preferences = { inApp: switches, desktop: { ...switches, minRisk: "high" } } as const;
const view = { id: "viw_1", name: "Critical", screen: "approvals", query: "?risk=critical", shared: true, owner: { id: "mem_1", name: "Ada" }, createdAt: "2026-01-01T00:00:00.000Z", version: 2 };
const use = { name: "agents", used: 3, limit: 7, unit: "agents", scope: "workspace", perNode: false, setting: "heliograph.limits.max-agents" };

let carriers: FakeCarriers;
let client: HeliographClient;
let sent: { readonly method: string; readonly ifMatch: string | null }[];

beforeEach(() => {
  carriers = new FakeCarriers();
  sent = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    sent.push({ method: init?.method ?? "GET", ifMatch: new Headers(init?.headers).get("If-Match") });
    return (carriers.overrides.fetch ?? globalThis.fetch)(input, init);
  };
  client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: { ...carriers.overrides, fetch } });
});

describe("preferences of notifications", () => {
  beforeEach(() => carriers.answer("/v1/notifications/preferences", preferences));

  test("are read and replaced as a whole", async () => {
    expect(await client.rest.notificationPreferences()).toEqual(preferences);
    expect(await client.rest.changeNotificationPreferences(preferences)).toEqual(preferences);

    expect(sent.map(({ method }) => method)).toEqual(["GET", "PUT"]);
    expect(carriers.bodies).toEqual([preferences]);
  });

  test.each([
    ["a switch that is no boolean", { ...preferences, inApp: { ...switches, "agent.error": "true" } }, "preferences.inApp.agent.error"],
    ["an unknown risk", { ...preferences, desktop: { ...switches, minRisk: "huge" } }, "preferences.desktop.minRisk"],
    ["no switches", {}, "preferences.inApp"],
  ])("with %s do not match the contract", async (_, body, place) => {
    carriers.answer("/v1/notifications/preferences", body);

    const error = await client.rest.notificationPreferences().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ContractMismatch);
    expect(String(error)).toContain(place);
  });
});

describe("saved views", () => {
  test("are listed, also those of a screen that is not known", async () => {
    const other = { ...view, id: "viw_2", screen: "rules" };
    carriers.answer("/v1/views", { data: [view, other], asOf: "k1:5:x" });

    expect(await client.rest.views()).toEqual([view, other]);
  });

  test("are changed and deleted as long as they are as they were read", async () => {
    carriers.answer("/v1/views/viw_1", view);

    expect(await client.rest.changeView("viw_1", { name: "All" }, 2)).toEqual(view);
    await client.rest.deleteView("viw_1", 2);

    expect(sent).toEqual([
      { method: "PATCH", ifMatch: '"2"' },
      { method: "DELETE", ifMatch: '"2"' },
    ]);
    expect(carriers.bodies).toEqual([{ name: "All" }]);
  });

  test("are saved", async () => {
    carriers.answer("/v1/views", view, 201);

    expect(await client.rest.saveView({ name: "Critical", screen: "approvals", query: "?risk=critical", shared: true })).toEqual(view);

    expect(carriers.bodies).toEqual([{ name: "Critical", screen: "approvals", query: "?risk=critical", shared: true }]);
  });

  test("without an owner do not match the contract", async () => {
    carriers.answer("/v1/views", { data: [{ ...view, owner: undefined }], asOf: "k1:5:x" });

    await expect(client.rest.views()).rejects.toThrow("/v1/views[0].owner");
  });
});

test("usage is as the server sends it", async () => {
  carriers.answer("/v1/usage", { data: [use, { ...use, name: "writes", scope: "caller", perSecond: 5 }], asOf: "k1:5:x" });

  expect(await client.rest.usage()).toEqual([use, { ...use, name: "writes", scope: "caller", perSecond: 5 }]);
});
