/** The tokenizer's thread: reads the files, builds the native engine, and encodes. Its other end is `TokenizerThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../util/text.js";
import { createNativeEngine } from "./encode-engine.js";
import { readQuickTokenizer } from "./quick-tokenizer.js";
import type { QuickTokenizer } from "./quick-tokenizer.js";

/** What comes from the thread. */
export type ThreadMessage =
  | { readonly type: "read"; readonly tokenizer: QuickTokenizer }
  /** It is ready to encode; or this way is not possible here, and it ends. */
  | { readonly type: "built"; readonly isBuilt: boolean }
  | { readonly type: "ids"; readonly id: number; readonly ids: Uint32Array }
  | { readonly type: "refused"; readonly id: number; readonly message: string };

/** What goes there: a text to encode. */
export interface EncodeMessage {
  readonly id: number;
  readonly text: string;
}

const port = parentPort!;
const send = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** What is wrong is not told: whoever finds no tokenizer here reads the files in his own way. */
async function build() {
  const tokenizer = await readQuickTokenizer(workerData as string);
  if (tokenizer === undefined) return undefined;
  const { path, vocabulary, positions } = tokenizer;
  send({ type: "read", tokenizer }, [vocabulary.buffer as ArrayBuffer, positions.buffer as ArrayBuffer]);
  return createNativeEngine({ path });
}

const engine = await build().catch(() => undefined);
send({ type: "built", isBuilt: engine !== undefined });
if (engine === undefined) port.close();
else
  port.on("message", ({ id, text }: EncodeMessage) => {
    engine.encode(text).then(
      (encoded) => {
        const ids = Uint32Array.from(encoded);
        send({ type: "ids", id, ids }, [ids.buffer]);
      },
      (error: unknown) => send({ type: "refused", id, message: messageOf(error) }),
    );
  });
