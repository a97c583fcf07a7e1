// Stock clients behind a proxy that spreads requests over two nodes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, modes, url } from "./support.mjs";

const { MEMBER_TOKEN, AGENT_KEY, WITH_COOKIES } = process.env;
const CLIENTS = 10;
const APPROVALS = 16;

async function createApproval(title) {
  const response = await fetch(`${url}/v1/approvals`, {
    method: "POST",
    headers: { authorization: `Bearer ${AGENT_KEY}`, "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ title, action: { name: "refund", args: {} } }),
  });
  assert.equal(response.status, 201);
}

for (const [name, options] of modes) {
  test(`every client connects and gets everything once: ${name}`, async (t) => {
    const withCookies = WITH_COOKIES === "yes" ? { withCredentials: true } : {};
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, () => connected(t, "/", { ...options, ...withCookies, auth: { token: MEMBER_TOKEN } })),
    );
    const expected = Array.from({ length: APPROVALS }, (_, i) => `${name} ${i}`);
    const received = clients.map((socket) => {
      const titles = [];
      return new Promise((resolve, reject) => {
        socket.on("disconnect", reject);
        socket.on("approval:created", (event) => {
          titles.push(event.data.approval.title);
          if (titles.length === APPROVALS) resolve(titles);
        });
      });
    });

    for (const title of expected) await createApproval(title);

    for (const titles of await Promise.all(received)) assert.deepEqual(titles, expected);
  });
}
