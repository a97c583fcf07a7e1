// Clients of two nodes: whatever is done to rooms reaches both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { io } from "socket.io-client";
import { connected, connection, next } from "./support.mjs";

const options = { transports: ["websocket"] };

async function pair(t) {
  const here = await connected(t, "/", options);
  const there = io(process.env.OTHER_URL, { ...options, forceNew: true, reconnection: false });
  t.after(() => there.disconnect());
  await connection(there);
  return [here, there];
}

/** Whether the other node has the socket in the room yet: commands go ahead of the question on the same way. */
async function rooms(socket, id) {
  const [all] = [await socket.timeout(5000).emitWithAck("sockets")];
  return all.find((other) => other.id === id)?.rooms;
}

test("a broadcast to a room reaches the members of both nodes, with binary in place", async (t) => {
  const [here, there] = await pair(t);
  await here.timeout(5000).emitWithAck("join", "room");
  await there.timeout(5000).emitWithAck("join", "room");

  const heard = Promise.all([next(here, "news"), next(there, "news")]);
  here.emit("tell", "room", { deep: [Buffer.from([1, 2, 3])] });

  for (const [value] of await heard) assert.deepEqual(Buffer.from(value.deep[0]), Buffer.from([1, 2, 3]));
});

test("broadcasts of one sender arrive once and in order on the other node", async (t) => {
  const [here, there] = await pair(t);
  const seen = [];
  there.on("news", (n) => seen.push(n));

  for (let i = 0; i < 500; i++) here.emit("tellOthers", i);
  here.emit("tell", there.id, "end");
  while (seen.at(-1) !== "end") await next(there, "news");

  assert.deepEqual(seen, [...Array.from({ length: 500 }, (_, i) => i), "end"]);
});

test("local reaches this node only", async (t) => {
  const [here, there] = await pair(t);
  const seen = [];
  there.on("news", (value) => seen.push(value));

  const own = next(here, "news");
  here.emit("tellHere", "local");
  await own;
  const last = next(there, "news");
  here.emit("tell", there.id, "last");
  await last;

  assert.deepEqual(seen, ["last"]);
});

test("acknowledgements of both nodes are gathered", async (t) => {
  const [here, there] = await pair(t);
  here.on("question", (n, answer) => answer(n + 1));
  there.on("question", (n, answer) => answer(n + 2));

  const answers = await here.timeout(5000).emitWithAck("askAll", 40);

  assert.deepEqual(answers.sort(), [41, 42]);
});

test("fetchSockets sees both nodes, socketsJoin and socketsLeave reach them", async (t) => {
  const [here, there] = await pair(t);

  here.emit("everyoneJoin", "all");
  assert.deepEqual(await rooms(here, there.id), ["all"]);
  assert.deepEqual(await rooms(there, here.id), ["all"]);
  here.emit("everyoneLeave", "all");

  assert.deepEqual(await rooms(here, there.id), []);
  const all = await here.timeout(5000).emitWithAck("sockets");
  assert.equal(all.find((other) => other.id === there.id).data.name, `socket ${there.id}`);
});

test("disconnectSockets reaches a socket of the other node", async (t) => {
  const [here, there] = await pair(t);
  const left = next(there, "disconnect");

  here.emit("sendAway", there.id);

  assert.equal((await left)[0], "io server disconnect");
});

test("serverSideEmit reaches the other servers, not this one", async (t) => {
  const [here, there] = await pair(t);
  const heard = [];
  here.on("heard", (name) => heard.push(name));

  const other = next(there, "heard");
  here.emit("shout");

  assert.deepEqual(await other, ["two"]);
  assert.deepEqual(heard, []);
});
