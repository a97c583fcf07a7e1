// Clients of Socket.IO 3.0, 3.1 and 4.0, which speak the same protocol as 4.8. They have neither emitWithAck nor timeout.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { collect, connection, modes, next, upgraded, url } from "./support.mjs";

const require = createRequire(import.meta.url);

const everyType = ["text", 42, -0.5, true, null, "ünïcödé 🚀", [1, [2, [null]]], { a: { b: [null] }, "": 0 }];

for (const version of ["3.0", "3.1", "4.0"]) {
  const { io } = require(`socket.io-client-${version}`);

  const open = (t, path, options) => {
    const socket = io(url + path, { forceNew: true, reconnection: false, ...options });
    t.after(() => socket.disconnect());
    return socket;
  };
  const connected = async (t, options) => {
    const socket = open(t, "/", options);
    await connection(socket);
    return socket;
  };
  const ask = (socket, ...args) => new Promise((resolve) => socket.emit(...args, resolve));

  test(`${version}: is the version that its name says`, () => {
    assert.ok(require(`socket.io-client-${version}/package.json`).version.startsWith(`${version}.`));
  });

  for (const [mode, options] of modes) {
    test(`${version}, ${mode}: events and acks go both ways`, async (t) => {
      const socket = await connected(t, options);
      socket.on("question", (a, b, answer) => answer({ sum: a + b }));

      const echoed = await ask(socket, "echo", ...everyType);
      const [result] = await Promise.all([next(socket, "answered"), socket.emit("ask", 19, 23)]);

      assert.ok(socket.id);
      assert.deepEqual(echoed, everyType);
      assert.deepEqual(result, [{ sum: 42 }]);
    });

    test(`${version}, ${mode}: binary goes both ways at any depth`, async (t) => {
      const socket = await connected(t, options);
      const payload = { name: "f", parts: [Buffer.from([1, 2, 3]), { deep: Buffer.alloc(70_000, 7) }] };

      const [echoed] = await ask(socket, "echo", payload);

      assert.equal(echoed.name, "f");
      assert.deepEqual(Buffer.from(echoed.parts[0]), Buffer.from([1, 2, 3]));
      assert.deepEqual(Buffer.from(echoed.parts[1].deep), Buffer.alloc(70_000, 7));
    });

    test(`${version}, ${mode}: 500 events arrive once each, in order`, async (t) => {
      const socket = await connected(t, options);
      const all = collect(socket, "number", 500);

      socket.emit("count", 500);

      assert.deepEqual((await all).map(([n]) => n), Array.from({ length: 500 }, (_, i) => i));
    });

    test(`${version}, ${mode}: a refusal has its message and data`, async (t) => {
      const socket = open(t, "/guarded", { ...options, auth: { token: "wrong" } });

      const error = await connection(socket).then(() => assert.fail("connected"), (e) => e);

      assert.equal(error.message, "not allowed");
      assert.deepEqual(error.data, { code: "token_invalid" });
    });

    test(`${version}, ${mode}: the server's disconnect arrives with its reason`, async (t) => {
      const socket = await connected(t, options);
      const left = next(socket, "disconnect");

      socket.emit("sendMeAway", false);

      assert.equal((await left)[0], "io server disconnect");
    });
  }

  test(`${version}: upgrades to WebSocket under load, and nothing is lost`, async (t) => {
    const socket = await connected(t, {});
    const all = collect(socket, "number", 3000);

    socket.emit("count", 3000);
    await upgraded(socket);

    assert.deepEqual((await all).map(([n]) => n), Array.from({ length: 3000 }, (_, i) => i));
    assert.equal(socket.io.engine.transport.name, "websocket");
  });
}
