// Node-like recovery from the server's memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, connected, connection, modes, next, open } from "./support.mjs";

const reconnecting = { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 10 };

test("a client that comes back has its id, its rooms, its data, and what it missed, once and in order", async (t) => {
  const socket = await connected(t);
  const other = await connected(t);
  await socket.timeout(5000).emitWithAck("join", "news");
  await socket.timeout(5000).emitWithAck("remember", "something");
  const first = next(socket, "news");
  other.emit("tell", "news", 0);
  assert.equal((await first)[0], 0);
  const id = socket.id;

  const missed = collect(socket, "news", 20);
  socket.io.engine.close();
  await other.timeout(5000).emitWithAck("untilGone", id);
  for (let i = 1; i <= 10; i++) other.emit("tell", "news", i);
  await other.timeout(5000).emitWithAck("echo");
  await connection(socket.connect());
  for (let i = 11; i <= 20; i++) other.emit("tell", "news", i);

  assert.equal(socket.recovered, true);
  assert.equal(socket.id, id);
  assert.deepEqual((await missed).map(([n]) => n), Array.from({ length: 20 }, (_, i) => i + 1));
  assert.equal(await socket.timeout(5000).emitWithAck("remembered"), "something");
});

test("what was sent to its id alone while it was away arrives too", async (t) => {
  const socket = await connected(t);
  const other = await connected(t);
  const first = next(socket, "news");
  other.emit("tell", socket.id, "before");
  await first;
  const id = socket.id;

  const missed = next(socket, "news");
  socket.io.engine.close();
  await other.timeout(5000).emitWithAck("untilGone", id);
  other.emit("tell", id, "while away");
  await other.timeout(5000).emitWithAck("echo");
  await connection(socket.connect());

  assert.equal(socket.recovered, true);
  assert.equal((await missed)[0], "while away");
});

test("a client that left on purpose starts anew", async (t) => {
  const socket = open(t, "/", reconnecting);
  await connection(socket);
  const first = next(socket, "news");
  socket.emit("tell", socket.id, "x");
  await first;
  const id = socket.id;

  socket.disconnect();
  socket.connect();
  await connection(socket);

  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
});

test("an offset that is unknown starts anew", async (t) => {
  const socket = await connected(t, "/", { auth: { pid: "made up", offset: "zzz" } });

  assert.equal(socket.recovered, false);
});

/**
 * The stock client hands on each packet in a later tick, and ends an upgrade in the tick of the last polling response. A packet that
 * still waits when its own `close()` ends the connection is handed on after the next CONNECT, which has asked for it again by
 * then. A network never cuts there: it ends a connection between two reads.
 */
async function betweenTwoReads(engine) {
  await new Promise((resolve) => setImmediate(resolve));
  while (engine.upgrading) {
    await new Promise((resolve) => ["upgrade", "upgradeError"].forEach((event) => engine.once(event, resolve)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("broadcasts under load are neither lost nor repeated over 30 reconnections", async (t) => {
  const socket = open(t, "/", reconnecting);
  await connection(socket);
  const seen = [];
  socket.on("tick", (n) => seen.push(n));
  await socket.timeout(5000).emitWithAck("join", "ticks");
  const first = next(socket, "tick");
  const talker = await connected(t);
  talker.emit("tickNow", 1);
  await first;
  const done = new Promise((resolve) => socket.on("tick", (n) => n === 3000 && resolve()));
  talker.emit("tickTo", 2, 3000);

  for (let i = 0; i < 30; i++) {
    await betweenTwoReads(socket.io.engine);
    socket.io.engine.close();
    await connection(socket);
    assert.equal(socket.recovered, true);
  }
  await done;

  assert.deepEqual(seen, Array.from({ length: 3000 }, (_, i) => i + 1));
});

for (const [mode, options] of modes) {
  test(`${mode}: what is sent right before the server ends the connection arrives once, then the client recovers`, async (t) => {
    const socket = open(t, "/", { ...options, ...reconnecting });
    await connection(socket);
    const seen = [];
    socket.on("said", (n) => seen.push(n));

    for (let round = 1; round <= 20; round++) {
      socket.emit("sayAndClose", 10);
      await connection(socket);
      assert.equal(socket.recovered, true);
      await socket.timeout(5000).emitWithAck("echo");
      assert.deepEqual(seen.splice(0), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], `round ${round}`);
    }
  });

  test(`${mode}: what is sent right before the server sends the client away arrives once`, async (t) => {
    const socket = open(t, "/", { ...options, ...reconnecting });
    await connection(socket);
    const seen = [];
    socket.on("said", (n) => seen.push(n));

    for (let round = 1; round <= 10; round++) {
      const left = next(socket, "disconnect");
      socket.emit("sayAndSendAway", 10);
      assert.equal((await left)[0], "io server disconnect");
      await connection(socket.connect());
      assert.equal(socket.recovered, false);
      assert.deepEqual(seen.splice(0), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], `round ${round}`);
    }
  });
}
