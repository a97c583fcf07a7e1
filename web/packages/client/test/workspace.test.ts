import { describe, expect, test } from "vitest";
import { ApiProblem, ContractMismatch, createClient, type RestClient } from "../src/index.js";
import { FakeCarriers } from "./fake-carriers.js";

const at = "2026-01-01T00:00:00.000Z";
const ada = { id: "mem_1", handle: "ada@example.com", name: "Ada", role: "owner", createdAt: at };
const key = { id: "01key", name: "Desk", scopes: ["read"], lineage: "01key", createdAt: at };
const session = { id: "ses_1", member: { id: "mem_1", name: "Ada" }, createdAt: at, expiresAt: at, current: true };
const entry = { id: "aud_1", at, actor: { type: "system" }, action: "key.revoked", subject: { type: "key", id: "01key" }, detail: {} };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly accept: string | null;
}

/** The REST API of a server that gives each request the same answer. */
function answering(answer: string | object, status = 200): { readonly rest: RestClient; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const { method, headers, body } = init ?? {};
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    sent.push({ method: method ?? "GET", path: pathname + search, body: typeof body === "string" ? JSON.parse(body) : undefined, accept: new Headers(headers).get("Accept") });
    const text = typeof answer === "string" ? answer : JSON.stringify(answer);
    return Promise.resolve(new Response(status === 204 ? null : text, { status }));
  };
  const { overrides } = new FakeCarriers();
  const client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: { ...overrides, fetch } });
  return { rest: client.rest, sent };
}

describe("requests", () => {
  const done: readonly (readonly [name: string, call: (rest: RestClient) => Promise<unknown>, answer: object, sent: Partial<Sent>])[] = [
    ["addMember", (rest) => rest.addMember({ handle: "ada@example.com", role: "owner" }), ada, { method: "POST", path: "/v1/members", body: { handle: "ada@example.com", role: "owner" } }],
    ["changeRole", (rest) => rest.changeRole("mem/1", "owner"), ada, { method: "PATCH", path: "/v1/members/mem%2F1", body: { role: "owner" } }],
    ["addApiKey", (rest) => rest.addApiKey({ name: "Desk", expiresIn: 60 }), { key, secret: "hk_1_2" }, { method: "POST", path: "/v1/api-keys", body: { name: "Desk", expiresIn: 60 } }],
    ["rotateApiKey", (rest) => rest.rotateApiKey("01key", 3600), { key, secret: "hk_1_2" }, { method: "POST", path: "/v1/api-keys/01key/rotate", body: { overlapSeconds: 3600 } }],
  ];
  test.each(done)("%s sends its request and returns the answer", async (_, call, answer, expected) => {
    const { rest, sent } = answering(answer);

    await expect(call(rest)).resolves.toEqual(answer);

    expect(sent).toEqual([{ ...expected, accept: "application/json" }]);
  });

  const ended: readonly (readonly [name: string, call: (rest: RestClient) => Promise<void>, path: string])[] = [
    ["removeMember", (rest) => rest.removeMember("mem_1"), "/v1/members/mem_1?keys=revoke"],
    ["removeMember, keeping keys", (rest) => rest.removeMember("mem_1", "keep"), "/v1/members/mem_1?keys=keep"],
    ["revokeApiKey", (rest) => rest.revokeApiKey("01key"), "/v1/api-keys/01key"],
    ["endSession", (rest) => rest.endSession("ses_1"), "/v1/sessions/ses_1"],
    ["revokeToken", (rest) => rest.revokeToken("tok_1"), "/v1/tokens/tok_1"],
  ];
  test.each(ended)("%s deletes", async (_, call, path) => {
    const { rest, sent } = answering({}, 204);

    await call(rest);

    expect(sent).toEqual([{ method: "DELETE", path, body: undefined, accept: "application/json" }]);
  });

  test("a sign-in link is its url", async () => {
    const { rest, sent } = answering({ url: "http://server/sign-in#code=1" });

    await expect(rest.makeSignInLink("mem_1")).resolves.toBe("http://server/sign-in#code=1");

    expect(sent).toMatchObject([{ method: "POST", path: "/v1/members/mem_1/sign-in-link" }]);
  });
});

describe("lists", () => {
  test("members and API keys are whole", async () => {
    await expect(answering({ data: [ada], asOf: "k1:5:x" }).rest.members()).resolves.toEqual([ada]);
    await expect(answering({ data: [key], asOf: "k1:5:x" }).rest.apiKeys()).resolves.toEqual([key]);
  });

  test("sessions and the audit trail are pages of a filter", async () => {
    const sessions = answering({ data: [session], nextCursor: "next", asOf: "k1:5:x" });
    const audit = answering({ data: [entry], asOf: "k1:5:x" });

    await expect(sessions.rest.sessions({ memberId: "mem_1", limit: 200 })).resolves.toEqual({ data: [session], nextCursor: "next", asOf: "k1:5:x" });
    await expect(audit.rest.audit({ actor: "mem_1", action: "key.revoked", cursor: "next" })).resolves.toEqual({ data: [entry], asOf: "k1:5:x" });

    expect(sessions.sent[0]?.path).toBe("/v1/sessions?memberId=mem_1&limit=200");
    expect(audit.sent[0]?.path).toBe("/v1/audit?actor=mem_1&action=key.revoked&cursor=next");
  });

  test("an answer that departs from the contract names the field", async () => {
    await expect(answering({ data: [{ ...ada, role: "king" }], asOf: "k1:5:x" }).rest.members()).rejects.toThrow("/v1/members[0].role: expected one of owner, admin, operator, viewer");
    await expect(answering({ data: [{ ...entry, actor: 7 }], asOf: "k1:5:x" }).rest.audit()).rejects.toThrow("/v1/audit[0].actor: expected an object");
    await expect(answering({ data: [session] }).rest.sessions()).rejects.toThrow("/v1/sessions has no cursor (asOf)");
    await expect(answering({ link: "x" }).rest.makeSignInLink("mem_1")).rejects.toBeInstanceOf(ContractMismatch);
  });
});

describe("the export of the audit trail", () => {
  test("is a file of the filter, whatever its type", async () => {
    const { rest, sent } = answering("id,at\r\naud_1,2026\r\n");

    const file = await rest.auditExport("csv", { from: at });

    await expect(file.text()).resolves.toBe("id,at\r\naud_1,2026\r\n");
    expect(sent).toEqual([{ method: "GET", path: `/v1/audit/export?from=${encodeURIComponent(at)}&format=csv`, body: undefined, accept: "*/*" }]);
  });

  test("that is refused rejects with the problem", async () => {
    const { rest } = answering({ code: "forbidden", status: 403, title: "no", detail: "Only owners and admins" }, 403);

    const refused = rest.auditExport("jsonl");

    await expect(refused).rejects.toBeInstanceOf(ApiProblem);
    await expect(refused).rejects.toThrow("Only owners and admins");
  });
});
