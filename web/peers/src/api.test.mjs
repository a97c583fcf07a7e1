// Parts of the API that the other suites do not show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, connected, connection, modes, next } from "./support.mjs";

for (const [mode, options] of modes) {
  test(`${mode}: the handshake is there`, async (t) => {
    const socket = await connected(t, "/", {
      ...options, auth: { token: "t" }, query: { q: "ü 1" }, extraHeaders: { "x-custom": "value" },
    });

    const seen = await socket.timeout(5000).emitWithAck("handshake");

    assert.equal(seen.header, "value");
    assert.equal(seen.query.q, "ü 1");
    assert.deepEqual(seen.auth, { token: "t" });
    assert.equal(seen.address, "127.0.0.1");
    assert.ok(Math.abs(Date.now() - seen.time) < 60_000);
    assert.deepEqual([seen.secure, seen.xdomain, seen.recovered], [false, false, false]);
    assert.ok(["polling", "websocket"].includes(seen.transport));
    assert.deepEqual(await socket.timeout(5000).emitWithAck("forget"), {});
  });

  test(`${mode}: events without compression arrive`, async (t) => {
    const socket = await connected(t, "/", options);
    const both = collect(socket, "text", 2);

    socket.emit("plain");

    assert.deepEqual((await both).flat().sort(), ["x".repeat(5000), "y".repeat(5000)]);
  });

  test(`${mode}: disconnect reasons are Node's, and say which rooms were left`, async (t) => {
    const watcher = await connected(t, "/", options);
    const reasonOf = async (id) => {
      for (;;) {
        const line = (await watcher.timeout(5000).emitWithAck("left")).find((l) => l.startsWith(id));
        if (line) return line.slice(id.length + 1);
      }
    };
    const ends = [
      [(s) => s.disconnect(), "client namespace disconnect [room]"],
      [(s) => s.emit("sendAway"), "server namespace disconnect [room]"],
      [(s) => s.emit("closeConnection"), "forced close [room]"],
      [(s) => s.io.engine.close(), "transport close [room]"],
      [(s) => s.io.engine.write("9"), "parse error [room]"],
      [(s) => s.io.engine.write('0/other,{"a":'), "parse error [room]"],
    ];
    for (const [end, reason] of ends) {
      const socket = await connected(t, "/", options);
      const id = socket.id;
      await socket.timeout(5000).emitWithAck("join", "room");
      end(socket);
      assert.equal(await reasonOf(id), reason, end.toString());
    }
  });
}

test("volatile events reach a client that takes them", async (t) => {
  const socket = await connected(t, "/", { transports: ["websocket"] });
  const both = collect(socket, "number", 2);

  await socket.timeout(5000).emitWithAck("lossy");

  assert.deepEqual((await both).flat(), [1, 2]);
});

test("broadcast, except, in and all, each once and in order", async (t) => {
  const [sender, member, muted] = [await connected(t), await connected(t), await connected(t)];
  for (const room of ["a", "b"]) await member.timeout(5000).emitWithAck("join", room);
  await muted.timeout(5000).emitWithAck("join", "muted");
  const heard = [collect(sender, "said", 2), collect(member, "said", 4), collect(muted, "said", 2)];

  sender.emit("others");

  const [bySender, byMember, byMuted] = (await Promise.all(heard)).map((lines) => lines.flat());
  assert.deepEqual(bySender, ["not muted", "all"]);
  assert.deepEqual(byMember, ["others", "not muted", "a or b", "all"]);
  assert.deepEqual(byMuted, ["others", "all"]);
});

test("a room that was left is silent", async (t) => {
  const socket = await connected(t);
  await socket.timeout(5000).emitWithAck("join", "a");

  assert.deepEqual(await socket.timeout(5000).emitWithAck("leave", "a"), []);
});

test("once, off, onAny and onAnyOutgoing", async (t) => {
  const socket = await connected(t);

  assert.equal(await socket.timeout(5000).emitWithAck("once"), "first");
  assert.equal(await socket.timeout(5000).emitWithAck("once"), "again");
  assert.equal(await socket.timeout(5000).emitWithAck("off"), "kept");
  socket.emit("nobody listens");
  const [any, outgoing] = await new Promise((resolve) => socket.emit("listeners", (...lists) => resolve(lists)));

  assert.deepEqual(any, ["once", "once", "off", "nobody listens", "listeners"]);
  assert.deepEqual(outgoing, ["outgoing"]);
});

test("an argument that is missing is an error to the sender's ack", async (t) => {
  const socket = await connected(t);

  const { error } = await socket.timeout(5000).emitWithAck("fails", 1);

  assert.deepEqual(error, { code: "invalid_payload", message: "argument 7 is missing, there are 1" });
  assert.ok(socket.connected);
});

test("a second namespace on the same connection has a socket of its own", async (t) => {
  const main = await connected(t);
  const other = main.io.socket("/other");
  await connection(other);
  const left = next(main, "disconnect");

  main.emit("sendAway");
  await left;

  assert.ok(other.connected);
  other.disconnect();
});
