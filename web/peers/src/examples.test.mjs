// The examples of the socketio module's README, seen by stock clients.
import assert from "node:assert/strict";
import { test } from "node:test";
import { io } from "socket.io-client";
import parser from "socket.io-msgpack-parser";
import { connected, connection, modes, next, open } from "./support.mjs";

const env = process.env;

async function at(t, url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  t.after(() => socket.disconnect());
  await connection(socket);
  return socket;
}

for (const [mode, options] of modes) {
  test(`stand-alone, ${mode}`, async (t) => {
    const [ann, bob] = [await at(t, env.STAND_ALONE_URL, options), await at(t, env.STAND_ALONE_URL, options)];
    const heard = next(bob, "said");
    assert.equal(await ann.timeout(5000).emitWithAck("say", "hello"), "ok");
    assert.deepEqual(await heard, [ann.id, "hello"]);
  });

  test(`pipeline, ${mode}`, async (t) => {
    const socket = await at(t, `${env.PIPELINE_URL}/rooms`, options);
    assert.deepEqual(await socket.timeout(5000).emitWithAck("join", "a"), ["a"]);
    assert.equal(await (await fetch(`${env.PIPELINE_URL}/anything`)).text(), "yours");
  });
}

test("rooms: union without doubles, except, and not the sender", async (t) => {
  const [sender, both, staff, muted] = await Promise.all(Array.from({ length: 4 }, () => connected(t, "/rooms")));
  for (const [socket, rooms] of [[sender, ["room"]], [both, ["room", "staff"]], [staff, ["staff"]], [muted, ["room", "muted"]]]) {
    for (const room of rooms) await socket.timeout(5000).emitWithAck("join", room);
  }
  const heard = [];
  for (const [name, socket] of Object.entries({ sender, both, staff, muted })) socket.on("told", (text) => heard.push(`${name}: ${text}`));

  sender.emit("tell", "room", "first");
  sender.emit("tell", "room", "second");
  while (heard.filter((line) => line.endsWith("second")).length < 2) await new Promise((resolve) => setImmediate(resolve));
  await muted.timeout(5000).emitWithAck("join", "x");

  assert.deepEqual(heard.sort(), ["both: first", "both: second", "staff: first", "staff: second"]);
});

test("middleware: of the namespace and of packets", async (t) => {
  const refused = open(t, "/private");
  const error = await connection(refused).then(() => assert.fail("connected"), (e) => e);
  assert.deepEqual([error.message, error.data], ["who are you?", { code: "token_missing" }]);

  const socket = await connected(t, "/private", { auth: { token: "secret" } });
  const told = next(socket, "refused");
  socket.emit("forbidden");
  assert.deepEqual(await told, ["not for ann"]);
  assert.equal(await socket.timeout(5000).emitWithAck("whoami"), "ann");
});

test("acks: answered in time, or not", async (t) => {
  const answering = await connected(t, "/acks");
  answering.on("ready?", (answer) => answer("yes"));
  assert.equal(await answering.timeout(5000).emitWithAck("start"), "the client says yes");
  const silent = await connected(t, "/acks");
  assert.equal(await silent.timeout(5000).emitWithAck("start"), "no answer: operation has timed out");
});

test("records: bound, or an error to the sender's ack", async (t) => {
  const [socket, other] = [await connected(t, "/chess"), await connected(t, "/chess")];
  const moved = next(other, "moved");
  assert.equal(await socket.timeout(5000).emitWithAck("move", { piece: "knight", x: 2, y: 5 }), "knight to 2,5");
  assert.deepEqual(await moved, [{ piece: "knight", x: 2, y: 5 }]);
  for (const wrong of [{ piece: "knight", x: 9, y: 5 }, { piece: "knight", x: "two", y: 5 }, "e4", null, [], 7]) {
    const answer = await socket.timeout(5000).emitWithAck("move", wrong);
    assert.equal(answer.error?.code, "invalid_payload", JSON.stringify(wrong));
  }
  assert.equal((await socket.timeout(5000).emitWithAck("move")).error.code, "invalid_payload");
  assert.deepEqual(await socket.timeout(5000).emitWithAck("step", "knight", 2, 5), { piece: "knight", x: 2, y: 5 });
  assert.equal(await socket.timeout(5000).emitWithAck("jump", "knight", 2), "knight by 2");
  assert.equal((await socket.timeout(5000).emitWithAck("step", "knight", 9, 5)).error.code, "invalid_payload");
  assert.equal((await socket.timeout(5000).emitWithAck("jump", "knight", "far")).error.code, "invalid_payload");
  assert.ok(socket.connected);
});

test("dynamic: made when asked for, gone with the last socket", async (t) => {
  const socket = io(`${env.DYNAMIC_URL}/tenant-1`, { forceNew: true });
  t.after(() => socket.disconnect());
  assert.deepEqual(await next(socket, "welcome"), ["/tenant-1"]);
  const other = await at(t, `${env.DYNAMIC_URL}/tenant-2`);
  const all = async () => (await other.timeout(5000).emitWithAck("all")).sort();
  assert.deepEqual(await all(), ["/", "/tenant-1", "/tenant-2"]);
  socket.disconnect();
  while ((await all()).includes("/tenant-1"));
  const error = await at(t, `${env.DYNAMIC_URL}/tenant-x`).then(() => assert.fail("connected"), (e) => e);
  assert.equal(error.message, "Invalid namespace");
});

test("recovery: nothing is missed", async (t) => {
  const socket = await at(t, env.RECOVERY_URL, { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 10 });
  const other = await at(t, env.RECOVERY_URL);
  const seen = [];
  socket.on("news", (n) => seen.push(n));
  const until = async (n) => {
    while (seen.at(-1) !== n) await next(socket, "news");
  };
  other.emit("publish", 1);
  await until(1);

  socket.emit("drop");
  await next(socket, "disconnect");
  for (let n = 2; n <= 20; n++) other.emit("publish", n);
  await connection(socket);
  await until(20);

  assert.equal(socket.recovered, true);
  assert.deepEqual(seen, Array.from({ length: 20 }, (_, i) => i + 1));
});

test("message-pack: binary stands where it belongs", async (t) => {
  const socket = await at(t, env.PACKED_URL, { parser });
  const value = { a: [Buffer.from([1, 2]), "ü", -1.5] };
  assert.deepEqual(await socket.timeout(5000).emitWithAck("echo", value), value);
});

test("virtual-threads: listeners run there; an origin that is not on the list is refused", async (t) => {
  const socket = await at(t, env.VIRTUAL_URL);
  assert.equal(await socket.timeout(5000).emitWithAck("where"), true);
  const answer = await fetch(`${env.VIRTUAL_URL}/socket.io/?EIO=4&transport=polling`, { headers: { origin: "https://evil.example" } });
  assert.equal(answer.status, 403);
});

test("close: the last event comes before the end, on every transport", async (t) => {
  const sockets = await Promise.all(modes.map(([, options]) => at(t, env.CLOSING_URL, options)));
  const ends = sockets.map((socket) => Promise.all([next(socket, "going down"), next(socket, "disconnect")]));
  sockets[0].emit("close");
  for (const [, [reason]] of await Promise.all(ends)) assert.equal(reason, "transport close");
});

test("adapter: clients and servers of both nodes", async (t) => {
  const [here, there] = [await at(t, env.ONE_URL), await at(t, env.TWO_URL)];
  const heard = Promise.all([next(here, "said"), next(there, "said"), next(there, "noted")]);
  here.emit("say", "hello");
  assert.deepEqual(await heard, [["hello"], ["hello"], ["one"]]);
});
