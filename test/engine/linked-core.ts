/** An engine core over a fake worker behind a real unix socket, but in this process: fast, and its socket can be held up. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { asyncLLMOver } from "../../src/engine/async-llm.js";
import { CoreHost } from "../../src/engine/core-host.js";
import { createEngine } from "../../src/engine/create-engine.js";
import type { CoreProcess } from "../../src/engine/process-transport.js";
import { createProcessTransport } from "../../src/engine/process-transport.js";
import type { Transport } from "../../src/engine/transport.js";
import { FrameReader, FrameWriter } from "../../src/engine/wire/frames.js";
import type { CoreMessage, FrontMessage } from "../../src/engine/wire/messages.js";
import type { CreateWorker } from "../../src/worker/worker.js";
import { FakeTokenizer } from "./fake-tokenizer.js";
import type { FakeWorker, FakeWorkerOptions } from "./fake-worker.js";
import { fakeWorkers } from "./fake-worker.js";

/** The front's end of the socket. */
export class LinkedProcess implements CoreProcess {
  onMessage: CoreProcess["onMessage"] = () => undefined;
  onEnd: CoreProcess["onEnd"] = () => undefined;
  readonly ended: Promise<void>;
  readonly host: CoreHost;
  readonly socket: Socket;
  /** Kinds of all messages that came. */
  readonly received: CoreMessage["type"][] = [];
  readonly #writer = new FrameWriter();

  constructor(socket: Socket, host: CoreHost) {
    this.socket = socket;
    this.host = host;
    const reader = new FrameReader();
    socket.on("data", (bytes: Buffer) => {
      for (const message of reader.read(bytes)) {
        this.received.push((message as CoreMessage).type);
        this.onMessage(message as CoreMessage);
      }
    });
    this.ended = once(socket, "close").then(() => this.onEnd("the link was cut"));
  }

  send(message: FrontMessage): void {
    if (this.socket.writable) this.socket.write(this.#writer.frame(message));
  }

  kill(): void {
    this.socket.destroy();
  }

  hold(): void {}
}

export interface Linked {
  readonly link: LinkedProcess;
  readonly workers: FakeWorker[];
  readonly open: (config?: Partial<EngineOptions>) => Promise<Transport>;
  /** A whole engine over it. */
  readonly engine: (config?: Partial<EngineOptions>) => Promise<AsyncLLM>;
}

export async function linkedCore(options: FakeWorkerOptions = {}, createWorker?: CreateWorker): Promise<Linked> {
  const folder = mkdtempSync(join(tmpdir(), "quire-link-"));
  const server = createServer().listen(join(folder, "s"));
  await once(server, "listening");
  const workers: FakeWorker[] = [];
  const front = connect(join(folder, "s"));
  const [[core]] = (await Promise.all([once(server, "connection"), once(front, "connect")])) as [[Socket], unknown];
  server.close();
  rmSync(folder, { recursive: true });
  const host = new CoreHost(core, createWorker ?? fakeWorkers(options, workers));
  const link = new LinkedProcess(front, host);
  const open = (config: Partial<EngineOptions> = {}) =>
    createProcessTransport(link, parseEngineConfig({ model: "fake", ...config }, {}));
  const engine = async (config: Partial<EngineOptions> = {}) => {
    const parsed = parseEngineConfig({ model: "fake", ...config }, {});
    const hooks = { loadTokenizer: async () => new FakeTokenizer() };
    const transport = (_: unknown, begun: () => void) => (begun(), createProcessTransport(link, parsed));
    return asyncLLMOver(await createEngine(parsed, transport, hooks));
  };
  return { link, workers, open, engine };
}
