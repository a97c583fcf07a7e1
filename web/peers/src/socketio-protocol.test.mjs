// Every case of the official socket.io-protocol test suite (v5) beyond Engine.IO, written anew, and some that it lacks.
// The server: on connection emits "auth" with the auth; "message" is answered by "message-back"; "message-with-ack" is
// acknowledged with its arguments; namespaces "/" and "/custom".
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { url } from "./support.mjs";

const wsUrl = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket";

/** A WebSocket behind its Engine.IO handshake; pings are answered and not shown. */
async function engine(t) {
  const socket = new WebSocket(wsUrl);
  socket.binaryType = "arraybuffer";
  const queue = [];
  const waiting = [];
  socket.on("message", (data, binary) => {
    const message = binary ? Buffer.from(data) : data.toString();
    if (message === "2") {
      socket.send("3");
      return;
    }
    const taker = waiting.shift();
    if (taker) taker(message);
    else queue.push(message);
  });
  socket.on("error", () => {});
  socket.message = () => (queue.length ? Promise.resolve(queue.shift()) : new Promise((resolve) => waiting.push(resolve)));
  socket.closed = new Promise((resolve) => socket.once("close", resolve));
  socket.unread = queue;
  t.after(() => socket.terminate());
  assert.ok((await socket.message()).startsWith("0"));
  return socket;
}

async function connected(t) {
  const socket = await engine(t);
  socket.send("40");
  await socket.message();
  await socket.message();
  return socket;
}

for (const [name, connect, answer, auth] of [
  ["the main namespace", "40", "40", '42["auth",{}]'],
  ["the main namespace with a payload", '40{"token":"123"}', "40", '42["auth",{"token":"123"}]'],
  ["a custom namespace", "40/custom,", "40/custom,", '42/custom,["auth",{}]'],
  ["a custom namespace without comma", "40/custom", "40/custom,", '42/custom,["auth",{}]'],
  ["a custom namespace with a payload", '40/custom,{"token":"abc"}', "40/custom,", '42/custom,["auth",{"token":"abc"}]'],
]) {
  test(`connect: ${name}`, async (t) => {
    const socket = await engine(t);
    socket.send(connect);
    const answered = await socket.message();
    assert.ok(answered.startsWith(answer));
    const { sid, ...rest } = JSON.parse(answered.substring(answer.length));
    assert.equal(typeof sid, "string");
    assert.deepEqual(rest, {});
    assert.equal(await socket.message(), auth);
  });
}

test("connect: an unknown namespace is refused exactly so", async (t) => {
  const socket = await engine(t);
  socket.send("40/random");
  assert.equal(await socket.message(), '44/random,{"message":"Invalid namespace"}');
});

test("connect: two namespaces on one session", async (t) => {
  const socket = await connected(t);
  socket.send("40/custom,");
  assert.ok((await socket.message()).startsWith("40/custom,"));
});

for (const malformed of [
  "4abc", "4", "47", '40"text"', "40[]", "40{", "40{}x", "40/custom,[1]",
]) {
  test(`connect: ${malformed} closes the session`, async (t) => {
    const socket = await engine(t);
    socket.send(malformed);
    await socket.closed;
  });
}

for (const early of ['42["message"]', "430[]", "41", '44{"message":"x"}', '451-["x",{"_placeholder":true,"num":0}]']) {
  test(`connect: ${early} before CONNECT closes the session, and nothing is sent`, async (t) => {
    const socket = await engine(t);
    socket.send(early);
    if (early.startsWith("45")) socket.send(Buffer.from([1]));
    await socket.closed;
    assert.deepEqual(socket.unread, []);
  });
}

test("connect: a second CONNECT to the same namespace closes the session", async (t) => {
  const socket = await connected(t);
  socket.send("40");
  await socket.closed;
});

test("connect: a session without a namespace is closed after the connect timeout", async (t) => {
  const socket = await engine(t);
  await socket.closed;
});

test("disconnect: leaving the main namespace leaves the session alive", async (t) => {
  const socket = await connected(t);
  socket.send("41");
  socket.send("40/custom,");
  assert.ok((await socket.message()).startsWith("40/custom,"));
});

test("disconnect: leaving a custom namespace leaves the main one alive", async (t) => {
  const socket = await connected(t);
  socket.send("40/custom,");
  await socket.message();
  await socket.message();
  socket.send("41/custom,");
  socket.send('42["message","message to main namespace"]');
  assert.equal(await socket.message(), '42["message-back","message to main namespace"]');
});

test("disconnect: a namespace can be joined again", async (t) => {
  const socket = await connected(t);
  socket.send("41");
  socket.send("40");
  assert.ok((await socket.message()).startsWith("40"));
});

for (const [name, sent, expected] of [
  ["plain text", '42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
  ["numbers beyond JavaScript", '42["message",123456789012345678901234567890,1.10,1e400]',
    '42["message-back",123456789012345678901234567890,1.10,1E+400]'],
  ["unicode", '42["message","\u20ac \u{1f680} \\u0000 \\u2028"]', '42["message-back","\u20ac \u{1f680} \\u0000 \u2028"]'],
  ["nested nulls", '42["message",null,[null,[null]],{"a":null}]', '42["message-back",null,[null,[null]],{"a":null}]'],
  ["whitespace", '42[ "message" , 1 ]', '42["message-back",1]'],
  ["an ack id", '42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'],
  ["an ack id in a namespace", '42/custom,9["message-with-ack"]', "43/custom,9[]"],
  ["a placeholder in a packet without attachments", '42["message",{"_placeholder":true,"num":0}]',
    '42["message-back",{"_placeholder":true,"num":0}]'],
]) {
  test(`message: ${name}`, async (t) => {
    const socket = await connected(t);
    if (sent.includes("/custom")) {
      socket.send("40/custom,");
      await socket.message();
      await socket.message();
    }
    socket.send(sent);
    assert.equal(await socket.message(), expected);
  });
}

test("message: binary attachments", async (t) => {
  const socket = await connected(t);
  socket.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
  socket.send(Buffer.from([1, 2, 3]));
  socket.send(Buffer.from([4, 5, 6]));
  assert.equal(await socket.message(), '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
  assert.deepEqual(await socket.message(), Buffer.from([1, 2, 3]));
  assert.deepEqual(await socket.message(), Buffer.from([4, 5, 6]));
});

test("message: binary attachments with an ack", async (t) => {
  const socket = await connected(t);
  socket.send('452-789["message-with-ack",{"deep":[{"_placeholder":true,"num":1}]},{"_placeholder":true,"num":0}]');
  socket.send(Buffer.from([1, 2, 3]));
  socket.send(Buffer.from([4, 5, 6]));
  assert.equal(await socket.message(), '462-789[{"deep":[{"_placeholder":true,"num":0}]},{"_placeholder":true,"num":1}]');
  assert.deepEqual(await socket.message(), Buffer.from([4, 5, 6]));
  assert.deepEqual(await socket.message(), Buffer.from([1, 2, 3]));
});

for (const [name, ...frames] of [
  ["an unknown packet type", "4abc"],
  ["an event that is no array", '42{"a":1}'],
  ["an event that is not closed", '42["message"'],
  ["something behind the event", '42["message"]x'],
  ["an empty event", "42[]"],
  ["an event without payload", "42"],
  ["an event whose name is an object", "42[{}]"],
  ["a reserved event", '42["disconnect"]'],
  ["a disconnect with a payload", '41{"a":1}'],
  ["an ack without id", "43[]"],
  ["an ack that is no array", '431{"a":1}'],
  ["an ack id beyond reason", '42999999999999999999["message"]'],
  ["a connect error", '44{"message":"x"}'],
  ["attachments without a number", '45-["message",{"_placeholder":true,"num":0}]'],
  ["no attachments", '450-["message"]'],
  ["too many attachments", '4599999-["message",{"_placeholder":true,"num":0}]'],
  ["an attachment nobody announced", Buffer.from([1])],
  ["text in place of an attachment", '451-["message",{"_placeholder":true,"num":0}]', '42["message"]'],
  ["a placeholder out of range", '451-["message",{"_placeholder":true,"num":1}]', Buffer.from([1])],
  ["a placeholder with a negative number", '451-["message",{"_placeholder":true,"num":-1}]', Buffer.from([1])],
  ["a placeholder with no number", '451-["message",{"_placeholder":true,"num":"splice"}]', Buffer.from([1])],
  ["JSON nested too deeply", '42["message",' + "[".repeat(5000) + "]".repeat(5000) + "]"],
  ["deep JSON with attachments", '451-["message",' + "[".repeat(5000) + "]".repeat(5000) + "]", Buffer.from([1])],
  ["a namespace that was never joined", '42/custom,["message"]'],
]) {
  test(`malformed: ${name} closes the session`, async (t) => {
    const socket = await connected(t);
    for (const frame of frames) socket.send(frame);
    await socket.closed;
  });
}

test("nothing but its own answer reaches a client that sends an unknown ack", async (t) => {
  const socket = await connected(t);
  socket.send("4399999[]");
  socket.send('42["message"]');
  assert.equal(await socket.message(), '42["message-back"]');
});
