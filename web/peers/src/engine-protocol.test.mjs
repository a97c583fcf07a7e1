// Every case of the official engine.io-protocol test suite (v4), written anew, and some that it lacks.
// The server echoes messages at /engine.io/, with a ping interval of 300 ms and a ping timeout of 1 s.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { url } from "./support.mjs";

const wsUrl = url.replace("http", "ws");
const base = `${url}/engine.io/?EIO=4&transport=polling`;
const wsBase = `${wsUrl}/engine.io/?EIO=4&transport=websocket`;

async function handshake() {
  const response = await fetch(base);
  return JSON.parse((await response.text()).substring(1)).sid;
}

/** Long enough for a request that was sent before to have reached the server. */
const aRoundTrip = () => handshake();

const get = (sid, options) => fetch(`${base}&sid=${sid}`, options);
const post = (sid, body, options) => fetch(`${base}&sid=${sid}`, { method: "POST", body, ...options });

/** A WebSocket whose messages can be awaited one by one. */
function webSocket(t, address) {
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const queue = [];
  const waiting = [];
  socket.on("message", (data, binary) => {
    const message = binary ? data : data.toString();
    const taker = waiting.shift();
    if (taker) taker(message);
    else queue.push(message);
  });
  socket.on("error", () => {});
  socket.message = () => (queue.length ? Promise.resolve(queue.shift()) : new Promise((resolve) => waiting.push(resolve)));
  socket.opened = new Promise((resolve) => socket.once("open", resolve));
  socket.closed = new Promise((resolve) => socket.once("close", (code) => resolve(code)));
  t.after(() => socket.terminate());
  return socket;
}

async function refused(response, code, message, status = 400) {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { code, message });
}

test("handshake, polling: the open packet has exactly the five fields", async () => {
  const response = await fetch(base);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; charset=UTF-8");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const content = await response.text();
  assert.ok(content.startsWith("0"));
  const { sid, ...rest } = JSON.parse(content.substring(1));
  assert.match(sid, /^[\w-]{20}$/);
  assert.deepEqual(rest, { upgrades: ["websocket"], pingInterval: 300, pingTimeout: 1000, maxPayload: 1000000 });
});

test("handshake, polling: an invalid EIO is refused", async () => {
  await refused(await fetch(`${url}/engine.io/?transport=polling`), 5, "Unsupported protocol version");
  await refused(await fetch(`${url}/engine.io/?EIO=abc&transport=polling`), 5, "Unsupported protocol version");
  await refused(await fetch(`${url}/engine.io/?EIO=3&transport=polling`), 5, "Unsupported protocol version");
});

test("handshake, polling: an invalid transport is refused", async () => {
  await refused(await fetch(`${url}/engine.io/?EIO=4`), 0, "Transport unknown");
  await refused(await fetch(`${url}/engine.io/?EIO=4&transport=abc`), 0, "Transport unknown");
});

test("handshake, polling: an invalid method is refused", async () => {
  await refused(await fetch(base, { method: "POST" }), 2, "Bad handshake method");
  await refused(await fetch(base, { method: "PUT" }), 2, "Bad handshake method");
});

test("handshake, polling: a websocket transport without an upgrade is refused", async () => {
  await refused(await fetch(`${url}/engine.io/?EIO=4&transport=websocket`), 3, "Bad request");
});

test("handshake, WebSocket: the open packet offers no upgrades", async (t) => {
  const socket = webSocket(t, wsBase);
  const { sid, ...rest } = JSON.parse((await socket.message()).substring(1));
  assert.match(sid, /^[\w-]{20}$/);
  assert.deepEqual(rest, { upgrades: [], pingInterval: 300, pingTimeout: 1000, maxPayload: 1000000 });
});

for (const query of ["transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=abc"]) {
  test(`handshake, WebSocket: ?${query} is refused with 400`, async (t) => {
    const socket = new WebSocket(`${wsUrl}/engine.io/?${query}`);
    t.after(() => socket.terminate());
    const response = await new Promise((resolve) => {
      socket.on("error", () => {});
      socket.on("unexpected-response", (_, answer) => resolve(answer));
    });
    assert.equal(response.statusCode, 400);
  });
}

test("an unknown sid is refused on both transports", async (t) => {
  await refused(await get("nope"), 1, "Session ID unknown");
  await refused(await post("nope", "4x"), 1, "Session ID unknown");
  const socket = new WebSocket(`${wsBase}&sid=nope`);
  t.after(() => socket.terminate());
  const response = await new Promise((resolve) => {
    socket.on("error", () => {});
    socket.on("unexpected-response", (_, answer) => resolve(answer));
  });
  assert.equal(response.statusCode, 400);
});

for (const [name, body] of [
  ["one text packet", "4hello"],
  ["several text packets", "4test1\x1e4test2\x1e4test3"],
  ["text and binary packets", "4hello\x1ebAQIDBA=="],
  ["unicode", "4\u20ac \u{1f680}"],
  ["an empty message", "4"],
]) {
  test(`message, polling: ${name} are echoed`, async () => {
    const sid = await handshake();
    const pushed = await post(sid, body);
    assert.equal(pushed.status, 200);
    assert.equal(await pushed.text(), "ok");
    const polled = await get(sid);
    assert.equal(polled.status, 200);
    assert.equal(await polled.text(), body);
  });
}

test("message, polling: an invalid packet closes the session", async () => {
  const sid = await handshake();
  await post(sid, "abc").then(
    (response) => assert.equal(response.status, 400),
    () => {},
  );
  await refused(await get(sid), 1, "Session ID unknown");
});

test("message, polling: a second poll closes the session", async () => {
  const sid = await handshake();
  const polls = await Promise.all([get(sid), get(sid)]);
  const [first, second] = polls.sort((a, b) => a.status - b.status);
  assert.equal(first.status, 200);
  assert.equal(await first.text(), "1");
  assert.equal(second.status, 400);
  assert.equal((await get(sid)).status, 400);
});

test("message, polling: an aborted poll closes the session", async () => {
  const sid = await handshake();
  const controller = new AbortController();
  const poll = get(sid, { signal: controller.signal }).catch(() => {});
  await aRoundTrip();
  controller.abort();
  await poll;
  while ((await post(sid, "3")).status !== 400);
});

test("message, polling: a payload over the limit is refused with 413, and the session lives on", async () => {
  const sid = await handshake();
  const answer = await post(sid, "4" + "x".repeat(1_000_000)).catch(() => ({ status: 413 }));
  assert.equal(answer.status, 413);
  assert.equal((await post(sid, "4ok")).status, 200);
});

test("message, polling: a large response is compressed when the client accepts it", async () => {
  const sid = await handshake();
  await post(sid, "4" + "x".repeat(2000));
  const compressed = await get(sid, { headers: { "accept-encoding": "gzip" } });
  assert.equal(compressed.headers.get("content-encoding"), "gzip");
  assert.equal(await compressed.text(), "4" + "x".repeat(2000));
});

test("message, WebSocket: text is echoed", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send("4hello");
  assert.equal(await socket.message(), "4hello");
});

test("message, WebSocket: binary is echoed", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send(Uint8Array.from([1, 2, 3, 4]));
  assert.deepEqual(new Uint8Array(await socket.message()), Uint8Array.from([1, 2, 3, 4]));
});

test("message, WebSocket: an invalid packet closes the session", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send("abc");
  await socket.closed;
});

test("message, WebSocket: a message over the limit is closed with 1009", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send("4" + "x".repeat(1_000_000));
  assert.equal(await socket.closed, 1009);
});

test("heartbeat, polling: pings come, and pongs keep the session", async () => {
  const sid = await handshake();
  for (let i = 0; i < 3; i++) {
    const polled = await get(sid);
    assert.equal(polled.status, 200);
    assert.equal(await polled.text(), "2");
    assert.equal((await post(sid, "3")).status, 200);
  }
});

test("heartbeat, polling: a session that never answers is closed", async () => {
  const sid = await handshake();
  const began = performance.now();
  while ((await get(sid)).status !== 400);
  assert.ok(performance.now() - began >= 1200);
});

test("heartbeat, WebSocket: pings come, and pongs keep the session", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  for (let i = 0; i < 3; i++) {
    assert.equal(await socket.message(), "2");
    socket.send("3");
  }
});

test("heartbeat, WebSocket: a session that never answers is closed", async (t) => {
  await webSocket(t, wsBase).closed;
});

test("heartbeat: a client that pings is closed", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send("2");
  await socket.closed;
});

test("close, polling: a close packet ends the session and sends the waiting poll home with a noop", async () => {
  const sid = await handshake();
  const [polled, pushed] = await Promise.all([get(sid), aRoundTrip().then(() => post(sid, "1"))]);
  assert.equal(polled.status, 200);
  assert.equal(await polled.text(), "6");
  assert.equal(await pushed.text(), "ok");
  assert.equal((await get(sid)).status, 400);
});

test("close, WebSocket: a close packet ends the session", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.send("1");
  await socket.closed;
});

test("close, WebSocket: a close frame is echoed with its code", async (t) => {
  const socket = webSocket(t, wsBase);
  await socket.message();
  socket.close(4001, "bye");
  assert.equal(await socket.closed, 4001);
});

async function upgrade(t, sid) {
  const socket = webSocket(t, `${wsBase}&sid=${sid}`);
  await socket.opened;
  socket.send("2probe");
  assert.equal(await socket.message(), "3probe");
  return socket;
}

test("upgrade: from polling to WebSocket, the poll ending with a noop", async (t) => {
  const sid = await handshake();
  const socket = await upgrade(t, sid);
  const polled = await get(sid);
  assert.equal(polled.status, 200);
  assert.equal(await polled.text(), "6");
  socket.send("5");
  socket.send("4hello");
  assert.equal(await socket.message(), "4hello");
});

test("upgrade: a waiting poll is released", async (t) => {
  const sid = await handshake();
  const poll = get(sid).then((response) => response.text());
  await aRoundTrip();
  await upgrade(t, sid);
  assert.equal(await poll, "6");
});

test("upgrade: what was sent before it arrives once, in order", async (t) => {
  const sid = await handshake();
  await post(sid, "4a\x1e4b");
  const socket = await upgrade(t, sid);
  socket.send("5");
  socket.send("4c");
  assert.deepEqual([await socket.message(), await socket.message(), await socket.message()], ["4a", "4b", "4c"]);
});

test("upgrade: requests of the old transport are refused afterwards", async (t) => {
  const sid = await handshake();
  const socket = await upgrade(t, sid);
  socket.send("5");
  socket.send("4hello");
  assert.equal(await socket.message(), "4hello");
  await refused(await get(sid), 3, "Bad request");
  await refused(await post(sid, "4x"), 3, "Bad request");
  socket.send("4again");
  assert.equal(await socket.message(), "4again");
});

test("upgrade: a second WebSocket with the same sid is closed, the first goes on", async (t) => {
  const sid = await handshake();
  const socket = await upgrade(t, sid);
  socket.send("5");
  const second = webSocket(t, `${wsBase}&sid=${sid}`);
  await second.closed;
  socket.send("4hello");
  assert.equal(await socket.message(), "4hello");
});

test("upgrade: a duplicate attempt is closed, the first one completes", async (t) => {
  const sid = await handshake();
  const first = await upgrade(t, sid);
  const second = webSocket(t, `${wsBase}&sid=${sid}`);
  await second.closed;
  first.send("5");
  first.send("4hello");
  assert.equal(await first.message(), "4hello");
});

test("upgrade: anything but a probe ends the attempt, and polling goes on", async (t) => {
  const sid = await handshake();
  const socket = webSocket(t, `${wsBase}&sid=${sid}`);
  await socket.opened;
  socket.send("4hello");
  await socket.closed;
  await post(sid, "4still");
  assert.equal(await (await get(sid)).text(), "4still");
});

test("upgrade: an attempt that never completes is given up, and polling goes on", async (t) => {
  const sid = await handshake();
  const socket = await upgrade(t, sid);
  let gone = false;
  socket.closed.then(() => (gone = true));
  while (!gone) {
    const polled = await (await get(sid)).text();
    if (polled.includes("2")) await post(sid, "3");
  }
  await post(sid, "4still");
  assert.ok((await (await get(sid)).text()).includes("4still"));
});

test("HTTP: an unknown method on a session is refused", async () => {
  const sid = await handshake();
  assert.equal((await fetch(`${base}&sid=${sid}`, { method: "DELETE" })).status, 400);
});

test("HTTP: WebSocket version 12 is answered 426 with the version that is spoken", async () => {
  const response = await new Promise((resolve) => {
    const socket = new WebSocket(wsBase, { protocolVersion: 8 });
    socket.on("error", () => {});
    socket.on("unexpected-response", (_, answer) => resolve(answer));
  });
  assert.equal(response.statusCode, 426);
  assert.equal(response.headers["sec-websocket-version"], "13");
});
