// The Node peer: every event "publish" goes to the room as "tick" with the same argument.
// Says "listening PORT", answers the line "gc" with "heap BYTES" after a collection, ends when its input ends.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  socket.join("room");
  socket.on("publish", (text) => io.to("room").emit("tick", text));
});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line === "gc") {
      globalThis.gc();
      console.log(`heap ${process.memoryUsage().heapUsed}`);
    }
  })
  .on("close", () => process.exit(0));

http.listen(0, "127.0.0.1", 4096, () => console.log(`listening ${http.address().port}`));
