/** The open connections of a server, so that none outlives it. */
import type { Server, Socket } from "node:net";

const CUT_AGAIN_MS = 50;

/** Knows every socket, also those that have sent nothing yet or are in the middle of a TLS handshake, which node:http does not count. */
export class Connections {
  readonly #open = new Set<Socket>();

  constructor(server: Server) {
    server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
  }

  /** Cuts all connections, and those that still come, until the server has closed. @param closed settles when it has */
  async cutUntil(closed: PromiseLike<unknown>): Promise<void> {
    const cut = () => {
      for (const socket of this.#open) socket.destroy();
    };
    cut();
    const timer = setInterval(cut, CUT_AGAIN_MS);
    try {
      await closed;
    } finally {
      clearInterval(timer);
    }
  }
}
