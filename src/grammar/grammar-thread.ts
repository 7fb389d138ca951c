/** What runs in a grammar thread: it compiles grammars, and keeps matchers whose masks it writes into shared memory. */
import { parentPort } from "node:worker_threads";
import { RequestError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { Compiler } from "./compiler.js";
import { fieldError } from "./field-error.js";
import { grammarSpec } from "./grammar-spec.js";
import { FormError } from "./grammar-writer.js";
import { Matchers } from "./matchers.js";
import type { FromThread, ToThread } from "./messages.js";

const port = parentPort!;
let compiler: Compiler | undefined;
const matchers = new Matchers();
/** Work is done in the order of the messages. */
let last: Promise<void> = Promise.resolve();

port.on("message", (message: ToThread) => {
  last = last.then(() => answer(message));
});

async function answer(message: ToThread): Promise<void> {
  const start = performance.now();
  try {
    const spec = await handle(message);
    if (!("id" in message)) return;
    const ms = performance.now() - start;
    tell({ type: "done", id: message.id, ms, memoryBytes: compiler?.memoryBytes ?? 0, ...(spec && { spec }) });
  } catch (error) {
    if (!("id" in message)) throw error;
    const param = error instanceof RequestError ? error.param : null;
    tell({ type: "failed", id: message.id, message: messageOf(error), param });
  }
}

async function handle(message: ToThread) {
  switch (message.type) {
    case "vocabulary":
      compiler = await Compiler.create(message.vocabulary);
      return undefined;
    case "check":
      return check(message);
    case "compile":
      await compiler!.compile(message.grammar, message.spec);
      return undefined;
    case "drop":
      for (const grammar of message.grammars) compiler?.drop(grammar);
      return undefined;
    case "open":
      await matchers.open(compiler!, message);
      return undefined;
    case "advance":
      for (let i = 0; i < message.pairs.length; i += 2)
        await matchers.advance(message.pairs[i]!, message.pairs[i + 1]!);
      return undefined;
    case "close":
      for (const matcher of message.matchers) matchers.close(matcher);
      return undefined;
  }
}

/** The field's own errors come out as they are; those of the grammar engine get its name. */
/** What is wrong gets the name of the request's field. */
async function check({ outputs }: Extract<ToThread, { type: "check" }>) {
  try {
    const spec = grammarSpec(outputs);
    compiler ??= await Compiler.forChecks();
    await compiler.check(spec);
    return spec;
  } catch (error) {
    // An instance that failed is not used again.
    if (!(error instanceof FormError)) compiler = undefined;
    throw fieldError(outputs.field, messageOf(error));
  }
}

function tell(message: FromThread): void {
  port.postMessage(message);
}
