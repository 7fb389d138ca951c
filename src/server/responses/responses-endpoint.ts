/** What /v1/responses does: create (whole, streamed, in the background), get, cancel. */
import { randomUUID } from "node:crypto";
import { RequestError } from "../../util/errors.js";
import { queryBoolean, queryInteger } from "../dev/query.js";
import type { Query } from "../dev/query.js";
import { toErrorResponse } from "../error-response.js";
import { namedEvents } from "../event-format.js";
import { parseBody } from "../request-body.js";
import { logFailure } from "../respond.js";
import type { Answer, Call, ServerContext } from "../respond.js";
import { BackgroundRun } from "./background-run.js";
import { outputMessages } from "./input-items.js";
import { prepareResponse } from "./prepare-response.js";
import type { PreparedResponse } from "./prepare-response.js";
import { responseRequest } from "./response-request.js";
import type { ResponseRequest } from "./response-request.js";
import { ResponseStore } from "./response-store.js";
import type { StoredResponse } from "./response-store.js";
import type { ResponseEvent } from "./response-writer.js";

/** After this an answer begins without waiting whether its first step fails. */
const FIRST_STEP_WAIT_MS = 400;
const MAX_STORED = 10_000;

/** The three operations, with the responses that are kept. */
export class ResponsesEndpoint {
  readonly #context: ServerContext;
  readonly #store: ResponseStore;

  constructor(context: ServerContext) {
    this.#context = context;
    this.#store = new ResponseStore({ maxBytes: context.config.responsesStoreMaxBytes, maxCount: MAX_STORED });
  }

  create(call: Call, body: unknown): Promise<Answer> {
    return create(this.#context, this.#store, call, parseBody(responseRequest, body, this.#context.log));
  }

  get(id: string, query: Query): Answer {
    const after = queryInteger(query, "starting_after", -1);
    const isStream = queryBoolean(query, "stream", false);
    const { response, run } = find(this.#store, id);
    if (!isStream) return { json: response };
    if (run === undefined) {
      throw new RequestError("stream: only a response that was created with background: true can be streamed again", {
        param: "stream",
      });
    }
    return { events: run.read(after), format: namedEvents(() => []) };
  }

  cancel(id: string): Answer {
    return { json: cancel(find(this.#store, id)) };
  }
}

/** @throws RequestError for an id of another form (400), and for one that is not there (404) */
function find(store: ResponseStore, id: string, param = "response_id"): StoredResponse {
  if (!id.startsWith("resp_")) {
    const shown = id.slice(0, 100);
    throw new RequestError(`Invalid 'response_id': '${shown}'. Expected an ID that begins with 'resp'.`, { param });
  }
  const stored = store.get(id);
  if (stored === undefined) {
    throw new RequestError(`Response with id '${id.slice(0, 100)}' not found.`, { param, status: 404 });
  }
  return stored;
}

function cancel({ response, run }: StoredResponse): object {
  const isUnderWay = response.status === "queued" || response.status === "in_progress";
  if (run === undefined || !isUnderWay) {
    throw new RequestError("Cannot cancel a synchronous response.", { param: "response_id" });
  }
  response.status = "cancelled";
  run.cancel();
  return response;
}

async function create(
  context: ServerContext,
  store: ResponseStore,
  call: Call,
  body: ResponseRequest,
): Promise<Answer> {
  const { config } = context;
  const isStored = config.enableResponsesApiStore && body.store !== false;
  if (body.background === true && body.store !== false && !config.enableResponsesApiStore) {
    throw new RequestError(
      "background: this server keeps no responses; start it with --enable-responses-api-store (QUIRE_ENABLE_RESPONSES_API_STORE=1)",
      { param: "background" },
    );
  }
  const id = `resp_${randomUUID().replaceAll("-", "")}`;
  const { previous_response_id: previousId } = body;
  const previous = previousId ? find(store, previousId, "previous_response_id") : undefined;
  const facts = { id, isStored, previous: previous?.messages ?? [] };
  if (body.background === true) return background(context, store, call, body, facts);
  const prepared = await prepareResponse(context, call, body, facts);
  if (body.stream !== true) {
    for await (const step of prepared.run.steps) prepared.writer.step(step);
    prepared.writer.end();
    keep(store, prepared, isStored);
    return { json: prepared.writer.response };
  }
  const format = namedEvents(({ body: { error } }) => prepared.writer.fail(errorCode(error.code), error.message));
  return { events: streamed(prepared, () => keep(store, prepared, isStored)), format };
}

/** Events of each step; a failure before the first one is thrown at once, so that it becomes a status. */
async function* streamed({ writer, run }: PreparedResponse, done: () => void): AsyncGenerator<ResponseEvent[]> {
  try {
    let next = run.steps.next();
    let begun = writer.begin();
    next.catch(() => {});
    if (await isLate(next)) {
      yield begun;
      begun = [];
    }
    for (let item = await next; !item.done; item = await next) {
      yield [...begun, ...writer.step(item.value)];
      begun = [];
      next = run.steps.next();
      next.catch(() => {});
    }
    yield writer.end();
    done();
  } finally {
    await run.steps.return();
  }
}

async function isLate(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), FIRST_STEP_WAIT_MS);
  });
  const first = promise.then(
    () => false,
    () => false,
  );
  const isLater = await Promise.race([first, late]);
  clearTimeout(timer);
  return isLater;
}

/** Answers at once; the response is made meanwhile. */
async function background(
  context: ServerContext,
  store: ResponseStore,
  call: Call,
  body: ResponseRequest,
  facts: Parameters<typeof prepareResponse>[3],
): Promise<Answer> {
  const { abort, release } = context.open.add();
  const own: Call = { ...call, signal: abort.signal, abort: () => abort.abort() };
  let prepared: PreparedResponse;
  try {
    prepared = await prepareResponse(context, own, body, facts);
  } catch (error) {
    release();
    throw error;
  }
  const { writer } = prepared;
  const run = new BackgroundRun(() => abort.abort());
  const stored: StoredResponse = { response: writer.response, messages: prepared.messages, run };
  store.put(stored);
  const first = structuredClone(writer.response);
  void runInBackground(context, prepared, run).finally(() => {
    release();
    stored.messages = [...prepared.messages, ...outputMessages(writer.response.output)];
    store.put(stored);
  });
  if (body.stream !== true) return { json: first };
  return { events: run.read(-1), format: namedEvents(() => []) };
}

async function runInBackground(context: ServerContext, prepared: PreparedResponse, run: BackgroundRun): Promise<void> {
  const { writer } = prepared;
  const isCancelled = () => writer.response.status === "cancelled";
  try {
    run.add(writer.begin());
    for await (const step of prepared.run.steps) {
      if (isCancelled()) break;
      run.add(writer.step(step));
    }
    if (!isCancelled()) run.add(writer.end());
  } catch (error) {
    if (isCancelled()) return;
    const { status, body } = toErrorResponse(error);
    if (status === 500) logFailure(context, writer.response.id, error);
    run.add(writer.fail(errorCode(status), body.error.message));
  } finally {
    run.end();
  }
}

function keep(store: ResponseStore, { writer, messages }: PreparedResponse, isStored: boolean): void {
  if (!isStored) return;
  const { response } = writer;
  store.put({ response, messages: [...messages, ...outputMessages(response.output)] });
}

/** OpenAI's codes of failed responses. */
function errorCode(status: number): string {
  return status < 500 ? "invalid_prompt" : "server_error";
}
