/** The floor under bench/front-end.ts: a bare server that writes ready bytes to its connections at a beat, the time of the beat in front. */
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** About as long as an event of a chat answer. */
const REST = ` ${"x".repeat(310)}\n`;
const stepMs = Number(process.argv[2]);
const sockets = new Set<Socket>();
let numWrites = 0;

const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on("error", () => sockets.delete(socket));
});
server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
setInterval(() => {
  const text = `${process.hrtime.bigint()}${REST}`;
  for (const socket of sockets) socket.write(text, "latin1");
  numWrites += sockets.size;
}, stepMs);
process.on("message", (message) => {
  if (message !== "cpu") process.exit(0);
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: user + system, tokens: numWrites });
});
