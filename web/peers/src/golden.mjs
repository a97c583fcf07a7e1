// What the npm packages make of a list of packets, and what passes between the real client and the real server. The Java tests and
// golden.test.mjs compare with the recorded files. Record anew, after changing the list or a package: node src/golden.mjs
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import * as engineParser from "engine.io-parser";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import messagePack from "socket.io-msgpack-parser";
import * as parser from "socket.io-parser";

const root = new URL("../../../", import.meta.url);
const bytes = (...values) => Buffer.from(values);
const long = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));

/** type, namespace, data, ack id */
const packets = {
  "connect": [0, "/", undefined],
  "connect to a namespace": [0, "/admin", undefined],
  "connect with auth": [0, "/", { token: "x", nested: { list: [1, null] } }],
  "disconnect": [1, "/", undefined],
  "disconnect from a namespace": [1, "/admin", undefined],
  "event without arguments": [2, "/", ["hello"]],
  "event": [2, "/", ["hello", 1, "two", true, false, null, 0.5, -7]],
  "event in a namespace with an id": [2, "/admin", ["project:delete", 123], 456],
  "event with nested values": [2, "/", ["x", { a: { b: [null, { c: "d" }, []] }, "": 0, e: {} }, [[[]]]]],
  "event with unicode": [2, "/", ["ünïcödé", "€ 🚀 \u2028 \u2029 ﷽ 漢字 \ufeff"]],
  "event with escapes": [2, "/", ["x", "\" \\ / \b \f \n \r \t"]],
  "event with integers": [2, "/", ["x", 0, 2147483647, 2147483648, -2147483649, 9007199254740991, -9007199254740991]],
  "event with strings that look like protocol": [2, "/", ["x", "4", "/admin,", "51-[]", "b", "2probe"]],
  "event with a comma and digits in its name": [2, "/a-b_c.d", ["1,2", "3"], 0],
  "acknowledgement": [3, "/", [], 0],
  "acknowledgement with arguments": [3, "/admin", ["ok", { n: 1 }], 999999999999],
  "binary event": [2, "/", ["file", bytes(1, 2, 3)]],
  "binary event in a namespace with an id": [2, "/admin", ["file", bytes(0, 255)], 23],
  "binary at any depth": [2, "/", ["file", { a: [bytes(1), { b: long }], empty: bytes() }, [[bytes(0x80)]], "text"]],
  "binary acknowledgement": [3, "/", [{ data: bytes(4, 30, 52) }, null], 7],
};

const payloads = {
  "text": [{ type: "message", data: "hello" }],
  "empty text": [{ type: "message", data: "" }],
  "text and binary": [{ type: "message", data: "test" }, { type: "message", data: bytes(1, 2, 3, 4) }],
  "unicode": [{ type: "message", data: "€ 🚀 漢字" }, { type: "message", data: "ß" }],
  "binary of each remainder": [1, 2, 3, 4].map((n) => ({ type: "message", data: Buffer.alloc(n, 0xfb) })),
  "empty binary": [{ type: "message", data: bytes() }],
  "every control packet": [{ type: "ping" }, { type: "pong" }, { type: "noop" }, { type: "close" }],
  "probe": [{ type: "ping", data: "probe" }, { type: "pong", data: "probe" }, { type: "upgrade" }],
};

/** JSON cannot hold binary: {"$binary": base64}. */
const marked = (value) =>
  Buffer.isBuffer(value)
    ? { $binary: value.toString("base64") }
    : Array.isArray(value)
      ? value.map(marked)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, marked(v)]))
        : value;

function packet([type, nsp, data, id]) {
  return { type, nsp, ...(data === undefined ? {} : { data }), ...(id === undefined ? {} : { id }) };
}

function recordPackets(encoder) {
  return Object.entries(packets).map(([name, fields]) => ({
    name,
    packet: marked(packet(fields)),
    wire: encoder.encode(packet(fields)).map((part) => (typeof part === "string" ? part : marked(Buffer.from(part)))),
  }));
}

async function recordPayloads() {
  const recorded = [];
  for (const [name, list] of Object.entries(payloads)) {
    const payload = await new Promise((resolve) => engineParser.encodePayload(list, resolve));
    recorded.push({ name, packets: marked(list), payload });
  }
  return recorded;
}

/** What the client sends and receives, packet by packet, in a conversation that shows every kind. Ids differ each time. */
async function recordConversation(transport, options = {}) {
  const http = createServer();
  const server = new Server(http, { pingInterval: 60_000, ...options });
  server.on("connection", (socket) => {
    socket.on("echo", (...args) => args.pop()(...args));
    socket.on("ask", () => socket.emit("question", 1, Buffer.from([9]), (answer) => socket.emit("answered", answer)));
  });
  server.of("/guarded").use((socket, next) => next(Object.assign(new Error("not allowed"), { data: { code: 7 } })));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");

  const said = [];
  const socket = io(`http://127.0.0.1:${http.address().port}`, {
    transports: [transport], auth: { token: "t" }, forceNew: true, autoConnect: false, parser: options.parser,
  });
  const known = new Map();
  const named = (text) =>
    text.replace(/"(sid|pid)":"([^"]+)"/g, (_, key, id) => {
      if (!known.has(id)) known.set(id, `${key}${known.size + 1}`);
      return `"${key}":"${known.get(id)}"`;
    });
  const note = (from) => ({ type, data }) => {
    if (type === "ping" || type === "pong") return;
    said.push({ from, type, ...(data === undefined ? {} : { data: typeof data === "string" ? named(data) : marked(Buffer.from(data)) }) });
  };
  const connected = once(socket, "connect");
  socket.connect();
  socket.io.engine.on("packetCreate", note("client"));
  socket.io.engine.on("packet", note("server"));
  await connected;
  await socket.emitWithAck("echo", "text", { deep: [Buffer.from([1, 2])] });
  socket.on("question", (n, binary, answer) => answer({ n, binary }));
  socket.emit("ask");
  await once(socket, "answered");
  for (const nsp of ["/guarded", "/nowhere"]) {
    const refused = socket.io.socket(nsp, { auth: { token: "t" } });
    refused.connect();
    await once(refused, "connect_error");
    refused.disconnect();
  }
  socket.disconnect();
  server.close();
  return said;
}

/** File by file, relative to the repository's root. */
export async function record() {
  return {
    "engineio/src/test/resources/golden/payloads.json": await recordPayloads(),
    "socketio/src/test/resources/golden/packets.json": recordPackets(new parser.Encoder()),
    "socketio/src/test/resources/golden/messagepack.json": recordPackets(new messagePack.Encoder()),
    "socketio/src/test/resources/golden/conversation-websocket.json": await recordConversation("websocket"),
    "socketio/src/test/resources/golden/conversation-polling.json": await recordConversation("polling"),
  };
}

export const pathOf = (file) => fileURLToPath(new URL(file, root));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, recorded] of Object.entries(await record())) {
    writeFileSync(pathOf(file), `[\n${recorded.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`);
  }
}
