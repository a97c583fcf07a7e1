// Shared by the suites. Each suite is run by a Java test with the server's URL in SERVER_URL.
import { once } from "node:events";
import { io } from "socket.io-client";

export const url = process.env.SERVER_URL;
if (!url) throw new Error("set SERVER_URL to the server under test");

// A test whose connection is lost must fail by itself, not end the suite because nothing is left to wait for.
setInterval(() => {}, 1000);

export const modes = [
  ["default transports", {}],
  ["websocket only", { transports: ["websocket"] }],
  ["polling only", { transports: ["polling"] }],
];

const opened = new Set();

/** A stock client that is closed after the test, with its own connection unless the options say otherwise. */
export function open(t, path = "/", options = {}) {
  const socket = io(url + path, { forceNew: true, reconnection: false, ...options });
  opened.add(socket);
  t.after(() => {
    opened.delete(socket);
    socket.disconnect();
  });
  return socket;
}

export async function connected(t, path, options) {
  const socket = open(t, path, options);
  await connection(socket);
  return socket;
}

export function connection(socket) {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
}

/** The next arguments of an event. */
export async function next(socket, event) {
  return new Promise((resolve) => socket.once(event, (...args) => resolve(args)));
}

/** Resolves with the first `count` arguments lists of an event. */
export function collect(socket, event, count) {
  return new Promise((resolve) => {
    const seen = [];
    const listener = (...args) => {
      seen.push(args);
      if (seen.length === count) {
        socket.off(event, listener);
        resolve(seen);
      }
    };
    socket.on(event, listener);
  });
}

export async function upgraded(socket) {
  const engine = socket.io.engine;
  if (engine.transport.name !== "websocket") {
    await new Promise((resolve) => engine.once("upgrade", resolve));
  }
}

export { once };
