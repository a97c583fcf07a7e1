// What a stock client sees of the Java server, on each transport.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, connected, connection, modes, next, open, upgraded } from "./support.mjs";

const everyType = [
  "text",
  42,
  -0.5,
  true,
  null,
  "ünïcödé 🚀 \u2028 \u0000",
  [1, [2, [null]]],
  { a: { b: [null, { c: "d" }] }, "": 0 },
  9007199254740991,
];

for (const [mode, options] of modes) {
  test(`${mode}: connects, echoes all JSON types, and is acknowledged`, async (t) => {
    const socket = await connected(t, "/", options);

    const answer = await socket.timeout(5000).emitWithAck("echo", ...everyType);

    assert.deepEqual(answer, everyType);
  });

  test(`${mode}: receives events and acknowledges them`, async (t) => {
    const socket = await connected(t, "/", options);
    socket.on("question", (a, b, answer) => answer({ sum: a + b }));

    const [result] = await Promise.all([next(socket, "answered"), socket.emit("ask", 19, 23)]);

    assert.deepEqual(result, [{ sum: 42 }]);
  });

  test(`${mode}: binary goes both ways at any depth`, async (t) => {
    const socket = await connected(t, "/", options);
    const payload = { name: "f", parts: [Buffer.from([1, 2, 3]), { deep: Buffer.alloc(70_000, 7) }], empty: Buffer.alloc(0) };

    const [echoed] = await socket.timeout(5000).emitWithAck("echo", payload);

    assert.equal(echoed.name, "f");
    assert.deepEqual(Buffer.from(echoed.parts[0]), Buffer.from([1, 2, 3]));
    assert.deepEqual(Buffer.from(echoed.parts[1].deep), Buffer.alloc(70_000, 7));
    assert.equal(echoed.empty.byteLength, 0);
  });

  test(`${mode}: 500 events in a row arrive once each, in order`, async (t) => {
    const socket = await connected(t, "/", options);
    const all = collect(socket, "number", 500);

    socket.emit("count", 500);

    assert.deepEqual((await all).map(([n]) => n), Array.from({ length: 500 }, (_, i) => i));
  });

  test(`${mode}: 500 emits in a row are received once each, in order`, async (t) => {
    const socket = await connected(t, "/", options);

    for (let i = 0; i < 500; i++) socket.emit("push", i);
    const pushed = await socket.timeout(5000).emitWithAck("pushed");

    assert.deepEqual(pushed, Array.from({ length: 500 }, (_, i) => i));
  });

  test(`${mode}: a middleware's refusal is a connect_error with message and data`, async (t) => {
    const socket = open(t, "/guarded", { ...options, auth: { token: "wrong" } });

    const error = await connection(socket).then(() => assert.fail("connected"), (e) => e);

    assert.equal(error.message, "not allowed");
    assert.deepEqual(error.data, { code: "token_invalid" });
  });

  test(`${mode}: a namespace with the right token connects`, async (t) => {
    const socket = await connected(t, "/guarded", { ...options, auth: { token: "right" } });

    assert.ok(socket.id);
  });

  test(`${mode}: an unknown namespace is refused`, async (t) => {
    const socket = open(t, "/nowhere", options);

    const error = await connection(socket).then(() => assert.fail("connected"), (e) => e);

    assert.equal(error.message, "Invalid namespace");
  });

  test(`${mode}: rooms receive what is sent to them, and nobody else does`, async (t) => {
    const member = await connected(t, "/", options);
    const other = await connected(t, "/", options);
    const room = `room-${mode}`;
    await member.timeout(5000).emitWithAck("join", room);
    const seen = [];
    other.on("news", (value) => seen.push(value));

    const news = next(member, "news");
    other.emit("tell", room, "hello");

    assert.deepEqual(await news, ["hello"]);
    assert.deepEqual(await other.timeout(5000).emitWithAck("echo"), []);
    assert.deepEqual(seen, []);
  });

  test(`${mode}: two namespaces share one connection, and one can be left`, async (t) => {
    const main = await connected(t, "/", options);
    const chat = main.io.socket("/chat");
    await connection(chat);

    chat.disconnect();

    assert.deepEqual(await main.timeout(5000).emitWithAck("echo", 1), [1]);
  });

  test(`${mode}: the server's disconnect arrives with its reason`, async (t) => {
    const socket = await connected(t, "/", options);
    const left = next(socket, "disconnect");

    socket.emit("sendMeAway", false);

    assert.equal((await left)[0], "io server disconnect");
  });

  test(`${mode}: a large event survives`, async (t) => {
    const socket = await connected(t, "/", options);
    const text = "x".repeat(300_000);

    assert.deepEqual(await socket.timeout(5000).emitWithAck("echo", text), [text]);
  });

  test(`${mode}: heartbeats keep an idle connection alive`, async (t) => {
    const socket = await connected(t, "/", options);
    let pings = 0;
    await new Promise((resolve) => socket.io.on("ping", () => ++pings === 3 && resolve()));

    assert.ok(socket.connected);
  });
}

test("default transports: the connection upgrades to WebSocket under load, and nothing is lost", async (t) => {
  const socket = await connected(t);
  const all = collect(socket, "number", 3000);

  socket.emit("count", 3000);
  await upgraded(socket);

  assert.deepEqual((await all).map(([n]) => n), Array.from({ length: 3000 }, (_, i) => i));
  assert.equal(socket.io.engine.transport.name, "websocket");
});

test("default transports: an end in the middle of the upgrade is noticed at once, after the last events", async (t) => {
  const socket = open(t);
  const { engine } = socket.io;
  const connecting = connection(socket);
  // Holds the client back between the end of its polling and the packet that completes the upgrade.
  const held = new Promise((resolve) => {
    engine.once("upgrading", () => {
      const { transport } = engine;
      const { pause } = transport;
      transport.pause = (done) => void connecting.then(() => pause.call(transport, () => resolve(done)));
    });
  });
  const said = collect(socket, "said", 3);
  const end = next(socket, "disconnect");
  const completeUpgrade = await held;
  const other = await connected(t);

  await other.timeout(5000).emitWithAck("sendAway", socket.id, 3);
  completeUpgrade();

  assert.deepEqual((await said).map(([n]) => n), [1, 2, 3]);
  assert.equal((await end)[0], "transport close");
});

test("default transports: whenever it ends while clients upgrade, each has its last events and notices at once", async (t) => {
  const ended = Array.from({ length: 100 }, async (_, i) => {
    const socket = await connected(t);
    const said = collect(socket, "said", 3);
    const end = next(socket, "disconnect");
    for (let turn = 0; turn < i % 20; turn++) await new Promise(setImmediate);
    socket.emit("sayAndClose", 3);
    return [(await end)[0], (await said).map(([n]) => n)];
  });

  for (const outcome of await Promise.all(ended)) assert.deepEqual(outcome, ["transport close", [1, 2, 3]]);
});

test("a dynamic namespace is made when it is asked for", async (t) => {
  const socket = await connected(t, "/tenant-42");

  assert.deepEqual(await socket.timeout(5000).emitWithAck("where"), "/tenant-42");
});

test("a prepared event arrives as an ordinary one, its last argument kept as the offset", async (t) => {
  const socket = open(t, "/durable", { transports: ["websocket"] });

  const [envelope, cursor] = await next(socket, "approval:created");

  assert.deepEqual(envelope, { id: "evt_1", big: 1, nested: { list: [null] } });
  assert.equal(cursor, "k3:1");
  assert.equal(socket._lastOffset?.startsWith("k3:"), true);
});

test("recovery: the same pid, recovered is true, and exactly what was missed comes first", async (t) => {
  const socket = open(t, "/durable", { reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 20 });
  const first = collect(socket, "approval:created", 3);
  await connection(socket);
  const before = (await first).map(([, cursor]) => cursor);
  const [pid, recoveredBefore] = [socket._pid, socket.recovered];

  const second = collect(socket, "approval:created", 3);
  socket.io.engine.close();
  await connection(socket);
  const after = (await second).map(([, cursor]) => cursor);

  assert.equal(recoveredBefore, false);
  assert.equal(socket.recovered, true);
  assert.equal(socket._pid, pid);
  assert.deepEqual(before.concat(after), ["k3:1", "k3:2", "k3:3", "k3:4", "k3:5", "k3:6"]);
});
