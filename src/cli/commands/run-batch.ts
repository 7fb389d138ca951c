/** `quire run-batch MODEL -i IN -o OUT`: OpenAI's batch files, run without a server. */
import { createReadStream, openAsBlob } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { engineSchema, parseEngineConfig } from "../../config/engine-config.js";
import { optionFields } from "../../config/option.js";
import { parseServerConfig, serverSchema } from "../../config/server-config.js";
import { AbortError, ResourceError } from "../../util/errors.js";
import { addConfigFlag } from "../config-flag.js";
import { addEngineFlags, loadHooks } from "../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint, UsageError } from "../exit.js";
import { addNoEffectFlags } from "../no-effect-flags.js";
import { ProgressBar } from "../progress-bar.js";
import { addSchemaFlags, asUsage } from "../schema-flags.js";

/** Of the server's flags, those of its sockets and clients. */
const WITHOUT =
  /^(host|port|uds|apiKey|ssl|enableSsl|root|allow|http|h11|sse|shutdown|maxBuffered|enableRequestId|disableUvicorn)/;

interface Flags {
  inputFile?: string;
  outputFile?: string;
  outputTmpDir?: string;
  maxConcurrency?: string;
}

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command.option(
    "-i, --input-file <file>",
    "Requests, one JSON object per line; a file, - for standard input, or a URL.",
  );
  command.option(
    "-o, --output-file <file>",
    "Where the answers go, in the requests' order; a file, or a URL to PUT them to.",
  );
  command.option("--output-tmp-dir <folder>", "Where answers for a URL are kept until they are complete.");
  command.option("--max-concurrency <n>", "Requests at a time (default: twice --max-num-seqs).");
  const engineOptions = addEngineFlags(command);
  const names = optionFields(serverSchema).map(({ name }) => name);
  const serverFlags = addSchemaFlags(
    command,
    serverSchema,
    names.filter((name) => !WITHOUT.test(name)),
  );
  const readFile = addConfigFlag(command);
  const notes = addNoEffectFlags(command);
  return async ([model]) => {
    const flags = command.opts<Flags>();
    const { inputFile, outputFile } = flags;
    if (inputFile === undefined || outputFile === undefined)
      throw new UsageError("run-batch needs -i FILE and -o FILE");
    const engineFields = optionFields(engineSchema);
    const file = await readFile([...engineFields, ...serverFlags.fields]);
    const options = asUsage(() => parseEngineConfig(engineOptions(model, file.of(engineFields))));
    const given = { ...file.of(serverFlags.fields), ...serverFlags.values(), apiKey: [] };
    const config = asUsage(() => parseServerConfig(given));
    for (const note of new Set([...notes(), ...file.notes])) process.stderr.write(`quire: ${note}\n`);
    const concurrency = flags.maxConcurrency === undefined ? 2 * options.maxNumSeqs : Number(flags.maxConcurrency);
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new UsageError(`--max-concurrency: expected an integer from 1; got ${flags.maxConcurrency}`);
    }
    return run({ inputFile, outputFile, tmpDir: flags.outputTmpDir, concurrency }, options, config);
  };
}

interface Job {
  readonly inputFile: string;
  readonly outputFile: string;
  readonly tmpDir: string | undefined;
  readonly concurrency: number;
}

async function run(
  job: Job,
  options: ReturnType<typeof parseEngineConfig>,
  config: ReturnType<typeof parseServerConfig>,
): Promise<number> {
  const { OrderedFile } = await import("../../server/batch/ordered-file.js");
  const { runBatch } = await import("../../server/batch/run-batch.js");
  const { openAsyncLLM } = await import("../../engine/async-llm.js");
  // Both ends are tried before the model is loaded.
  const input = await openInput(job.inputFile);
  const isUpload = isUrl(job.outputFile);
  const folder = isUpload ? await mkdtemp(join(job.tmpDir ?? tmpdir(), "quire-batch-")) : undefined;
  const path = folder === undefined ? job.outputFile : join(folder, "output.jsonl");
  const output = await OrderedFile.create(path);
  const bar = new ProgressBar();
  const abort = new AbortController();
  const restore = onSigint(() => abort.abort(new AbortError("interrupted")));
  const engine = await openAsyncLLM(options, loadHooks(bar));
  try {
    const onProgress = ({ done, failed }: { done: number; failed: number }) =>
      bar.update("requests", input.share(), `${done} done, ${failed} failed`);
    const settings = {
      concurrency: job.concurrency,
      signal: abort.signal,
      onProgress,
      log: (line: string) => bar.line(line),
    };
    const { done, failed } = await runBatch(engine, config, input.bytes, output, settings);
    await output.finish();
    if (isUpload) await upload(path, job.outputFile);
    bar.line(`${done} requests, ${failed} failed; the answers are in ${job.outputFile}`);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    return 0;
  } catch (error) {
    await output.abandon();
    bar.line(`the batch is not complete; what there is is in ${isUpload ? path : output.partialPath}`);
    if (abort.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  } finally {
    restore();
    bar.clear();
    await engine.close();
  }
}

interface Input {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How much has been read, 0 to 1; NaN when nobody knows. */
  share(): number;
}

/** @throws ResourceError if there is nothing to read */
async function openInput(where: string): Promise<Input> {
  if (where === "-") return { bytes: process.stdin, share: () => Number.NaN };
  if (isUrl(where)) {
    const response = await fetch(where).catch((cause: unknown) => {
      throw new ResourceError(`${where} cannot be read: ${String((cause as Error).cause ?? cause)}`, { cause });
    });
    if (!response.ok || response.body === null)
      throw new ResourceError(`${where} cannot be read: status ${response.status}`);
    return { bytes: response.body, share: () => Number.NaN };
  }
  try {
    const { size } = await stat(where);
    const stream = createReadStream(where);
    await new Promise((resolve, reject) => stream.once("open", resolve).once("error", reject));
    return { bytes: stream, share: () => stream.bytesRead / size };
  } catch (cause) {
    throw new ResourceError(`${where} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

async function upload(path: string, url: string): Promise<void> {
  const body = await openAsBlob(path, { type: "application/jsonl" });
  const response = await fetch(url, { method: "PUT", body }).catch((cause: unknown) => {
    throw new ResourceError(`${url} cannot be written: ${String((cause as Error).cause ?? cause)}`, { cause });
  });
  if (!response.ok) throw new ResourceError(`${url} cannot be written: status ${response.status}`);
}

function isUrl(where: string): boolean {
  return /^https?:\/\//.test(where);
}
