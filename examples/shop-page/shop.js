import { io } from "./vendor/socket.io.esm.min.js";

const element = (id) => document.getElementById(id);
/** Each order by its id, as the newest event or the last list told. */
const orders = new Map();
let bearer = {};

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json", ...bearer },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function show(socket) {
  element("orders").replaceChildren(
    ...[...orders.values()].map((order) => {
      const line = document.createElement("li");
      const article = document.createElement("span");
      article.textContent = order.article;
      const state = document.createElement("span");
      state.textContent = order.state;
      line.append(article, state);
      if (order.state === "placed") {
        const ship = document.createElement("button");
        ship.textContent = `Ship ${order.article}`;
        ship.onclick = () => socket.emitWithAck("ship", { id: order.id });
        line.append(ship);
      }
      return line;
    }),
  );
}

async function open(socketUrl) {
  const socket = io(socketUrl, {
    transports: ["websocket"],
    // Asked for at each connect, so that an expired token is replaced.
    auth: (send) => call("POST", "socket-token").then(send, () => socket.disconnect()),
  });
  globalThis.shopSocket = socket; // for the console
  const reload = async () => {
    for (const order of await call("GET", "orders")) orders.set(order.id, order);
    show(socket);
  };
  const changed = ({ data }) => {
    orders.set(data.id, data);
    show(socket);
  };
  // The list is read after the connection is there: what is committed later comes as an event.
  socket.on("connect", () => {
    element("connection").textContent = "live";
    if (!socket.recovered) void reload();
  });
  socket.on("disconnect", () => (element("connection").textContent = "away"));
  socket.on("connect_error", (error) => (element("connection").textContent = error.message));
  socket.on("reset", reload); // the log cannot tell what was missed
  socket.on("order:placed", changed);
  socket.on("order:shipped", changed);
}

element("sign-in").onsubmit = async (event) => {
  event.preventDefault();
  const { token, socketUrl } = await call("POST", "sign-in", Object.fromEntries(new FormData(event.target)));
  if (token) bearer = { Authorization: `Bearer ${token}` };
  event.target.hidden = true;
  element("shop").hidden = false;
  await open(socketUrl.replace("{host}", location.hostname));
};

element("place").onsubmit = async (event) => {
  event.preventDefault();
  element("error").textContent = "";
  try {
    await call("POST", "orders", Object.fromEntries(new FormData(event.target)));
    event.target.reset();
  } catch (failure) {
    element("error").textContent = failure.message;
  }
};
