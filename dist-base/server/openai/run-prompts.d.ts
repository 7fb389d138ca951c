import type { RequestOutput } from "../../engine/request-output.js";
import type { OutputKind, SamplingParamsInput } from "../../request/sampling-params.js";
import type { ClientPrompt } from "../engine-client.js";
import type { Call, ServerContext } from "../respond.js";
/** Fields of the body that go to the engine beside the sampling parameters. */
export interface RunFields {
    readonly priority?: number | null | undefined;
    readonly cache_salt?: string | null | undefined;
}
/**
 * One stream of outputs per prompt; nothing runs before it is read. All end when the call is aborted.
 *
 * @param strictLength  refuse a `maxTokens` that does not fit, since the client asked for it
 */
export declare function runPrompts(context: ServerContext, call: Call, prompts: readonly ClientPrompt[], params: SamplingParamsInput, fields: RunFields, options: {
    outputKind: OutputKind;
    strictLength: boolean;
}): AsyncIterable<RequestOutput>[];
/** The last output of each stream, in order. @throws what the first failing one throws; the others are aborted */
export declare function lastOutputs(call: Call, streams: readonly AsyncIterable<RequestOutput>[]): Promise<RequestOutput[]>;
