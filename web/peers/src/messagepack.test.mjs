// The npm client with socket.io-msgpack-parser.
import assert from "node:assert/strict";
import { test } from "node:test";
import parser from "socket.io-msgpack-parser";
import { collect, connected, connection, modes, next, open } from "./support.mjs";

const everyType = [
  "text", "ü€🚀".repeat(20), 0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991,
  -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9007199254740991, 0.5, -1.5e-300,
  true, false, null, [], {}, [1, [2, [null]]], { a: { b: [null, { c: "d" }] }, "": 0 },
  Array.from({ length: 40 }, (_, i) => i), Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, i])),
];

for (const [mode, options] of modes) {
  test(`${mode}: every type survives a round trip`, async (t) => {
    const socket = await connected(t, "/", { ...options, parser });

    assert.deepEqual(await socket.timeout(5000).emitWithAck("echo", ...everyType), everyType);
  });

  test(`${mode}: binary stands where it belongs`, async (t) => {
    const socket = await connected(t, "/", { ...options, parser });
    const payload = { parts: [Buffer.from([1, 2, 3]), { deep: Buffer.alloc(70_000, 7) }] };

    const [echoed] = await socket.timeout(5000).emitWithAck("echo", payload);

    assert.deepEqual(echoed, payload);
  });

  test(`${mode}: namespaces, refusals and acknowledgements work`, async (t) => {
    const socket = await connected(t, "/", { ...options, parser });
    socket.on("question", (a, b, answer) => answer({ sum: a + b }));
    const [result] = await Promise.all([next(socket, "answered"), socket.emit("ask", 19, 23)]);
    assert.deepEqual(result, [{ sum: 42 }]);

    const guarded = open(t, "/guarded", { ...options, parser });
    const error = await connection(guarded).then(() => assert.fail("connected"), (e) => e);
    assert.deepEqual([error.message, error.data], ["not allowed", { code: "token_invalid" }]);
  });

  test(`${mode}: prepared events arrive, and the server's disconnect`, async (t) => {
    const socket = open(t, "/durable", { ...options, parser });
    const events = await collect(socket, "approval:created", 3);
    assert.deepEqual(events[2], [{ id: "evt_3", big: 3, nested: { list: [null] } }, "k3:3"]);

    const main = await connected(t, "/", { ...options, parser });
    const left = next(main, "disconnect");
    main.emit("sendMeAway", false);
    assert.equal((await left)[0], "io server disconnect");
  });
}
