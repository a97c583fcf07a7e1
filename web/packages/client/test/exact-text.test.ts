import { afterEach, expect, test, vi } from "vitest";
import { createClient, JsonText } from "../src/index.js";
import { randomId } from "../src/random-id.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

const approval = {
  id: "apr_1",
  workspaceId: "ws_1",
  agentId: "agt_1",
  title: "Refund?",
  risk: "low",
  tags: [],
  action: { name: "refund", args: { amount: 1 }, digest: "d" },
  allow: { approve: true, edit: true, respond: true, reject: true },
  status: "pending",
  createdAt: "2026-01-01T00:00:00.000Z",
  expiresAt: "2026-01-01T01:00:00.000Z",
  version: 1,
};

/** A client whose requests are kept; each is answered with `text`. */
function clientOf(text: string) {
  const requests: { readonly url: string; readonly body: string | undefined; readonly key: string | null }[] = [];
  vi.stubGlobal("fetch", (url: string, { body, headers }: RequestInit) => {
    requests.push({ url, body: body as string | undefined, key: new Headers(headers).get("Idempotency-Key") });
    return Promise.resolve(new Response(text, { status: 200 }));
  });
  return { client: createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }) }), requests };
}

test("JSON text among the fields of a decision is sent as it is written, other fields as JSON", async () => {
  const { client, requests } = clientOf(JSON.stringify(approval));

  await client.rest.decide("apr_1", { outcome: "approved", digest: 'a"b', args: new JsonText('{"amount": 1.0, "id": 9007199254740993}') });
  await client.rest.decide("apr_1", { outcome: "approved", digest: "d", args: { amount: 1 } });

  expect(requests.map(({ body }) => body)).toEqual(['{"outcome":"approved","digest":"a\\"b","args":{"amount": 1.0, "id": 9007199254740993}}', '{"outcome":"approved","digest":"d","args":{"amount":1}}']);
});

test("an approval's text is what the server wrote", async () => {
  const text = JSON.stringify(approval).replace('"amount":1', '"amount":1.0');
  const { client, requests } = clientOf(text);

  expect(await client.rest.approvalText("apr_1")).toBe(text);
  expect(requests[0]?.url).toBe("http://server/v1/approvals/apr_1");
});

test("without HTTPS there is no crypto.randomUUID, and requests have keys of their own all the same", async () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const { client, requests } = clientOf(JSON.stringify(approval));

  await client.rest.extend("apr_1", 60);
  await client.rest.extend("apr_1", 60);

  const keys = requests.map(({ key }) => key);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(2);
  expect(new Set(Array.from({ length: 1_000 }, randomId)).size).toBe(1_000);
});
