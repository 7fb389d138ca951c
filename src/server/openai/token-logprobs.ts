/** Log-probabilities in the three forms of the API: completions, chat, and vLLM's prompt_logprobs. */
import type { Logprob, PositionLogprobs } from "../../engine/request-output.js";

/** JSON has no -Infinity. */
const LOWEST = -9999;

/** Of one output of /v1/completions. */
export interface CompletionLogprobs {
  /** Where each token begins in the text, in characters. */
  text_offset: number[];
  token_logprobs: (number | null)[];
  tokens: string[];
  top_logprobs: (Record<string, number> | null)[];
}

/** One token of a chat message. */
export interface ChatTokenLogprob {
  token: string;
  logprob: number;
  bytes: readonly number[] | null;
}

/** Of one output of /v1/chat/completions. */
export interface ChatLogprobs {
  content: (ChatTokenLogprob & { top_logprobs: ChatTokenLogprob[] })[];
}

/** One position of `prompt_logprobs`: token id to its log-probability; null for the first token. */
export type PromptLogprobsJson = (Record<
  string,
  { logprob: number; rank: number; decoded_token: string | null }
> | null)[];

/** How tokens are written. */
export interface TokenStyle {
  /** "token_id:17" instead of text. */
  readonly asIds: boolean;
  /** Text of a token whose log-probability is not known (the first of a prompt); absent without a tokenizer. */
  readonly decode?: ((id: number) => string) | undefined;
  /** The alternatives are these; undefined: the likeliest. */
  readonly reported?: ReadonlySet<number> | undefined;
}

export function tokenText(id: number, logprob: Logprob | undefined, style: TokenStyle): string {
  if (style.asIds) return `token_id:${id}`;
  return logprob?.decodedToken ?? style.decode?.(id) ?? `token_id:${id}`;
}

/**
 * @param positions  one map per token, the token itself first; null where there is none (the first token of a prompt)
 * @param num        alternatives asked for; the sampled token may come on top
 * @param offset     characters before the first token
 */
export function completionLogprobs(
  tokenIds: readonly number[],
  positions: readonly (PositionLogprobs | null)[],
  num: number,
  offset: number,
  style: TokenStyle,
): CompletionLogprobs {
  const out: CompletionLogprobs = { text_offset: [], token_logprobs: [], tokens: [], top_logprobs: [] };
  let at = offset;
  tokenIds.forEach((id, i) => {
    const position = positions[i] ?? null;
    const own = position?.get(id);
    const token = tokenText(id, own, style);
    out.text_offset.push(at);
    at += token.length;
    out.tokens.push(token);
    out.token_logprobs.push(own === undefined ? null : clamp(own.logprob));
    out.top_logprobs.push(position === null ? null : topOf(position, style.reported?.size ?? num, style));
  });
  return out;
}

export function chatLogprobs(
  tokenIds: readonly number[],
  positions: readonly PositionLogprobs[],
  num: number,
  style: TokenStyle,
): ChatLogprobs {
  const content = tokenIds.map((id, i) => {
    const position = positions[i] ?? new Map<number, Logprob>();
    const top: ChatTokenLogprob[] = [];
    for (const [other, logprob] of position) {
      const isWanted = style.reported?.has(other) ?? (logprob.rank <= num && top.length < num);
      if (isWanted) top.push(chatToken(other, logprob, style));
    }
    top.sort((a, b) => b.logprob - a.logprob);
    return { ...chatToken(id, position.get(id), style), top_logprobs: top };
  });
  return { content };
}

/** Null entries stay; `undefined` (not asked for) becomes null. */
export function promptLogprobsJson(
  positions: readonly (PositionLogprobs | null)[] | undefined,
): PromptLogprobsJson | null {
  if (positions === undefined) return null;
  return positions.map((position) => {
    if (position === null) return null;
    const entries: PromptLogprobsJson[number] = {};
    for (const [id, { logprob, rank, decodedToken }] of position) {
      entries[id] = { logprob: clamp(logprob), rank, decoded_token: decodedToken ?? null };
    }
    return entries;
  });
}

function chatToken(id: number, logprob: Logprob | undefined, style: TokenStyle): ChatTokenLogprob {
  const token = tokenText(id, logprob, style);
  const bytes = logprob?.bytes ?? (logprob?.decodedToken === undefined ? null : [...Buffer.from(logprob.decodedToken)]);
  return { token, logprob: clamp(logprob?.logprob ?? LOWEST), bytes };
}

/** The token itself and the `num` likeliest, under their texts; of equal texts the first counts. */
function topOf(position: PositionLogprobs, num: number, style: TokenStyle): Record<string, number> {
  const top: [string, number][] = [];
  const seen = new Set<string>();
  for (const [id, logprob] of position) {
    if (top.length > num) break;
    const text = tokenText(id, logprob, style);
    if (seen.has(text)) continue;
    seen.add(text);
    top.push([text, clamp(logprob.logprob)]);
  }
  return Object.fromEntries(top);
}

function clamp(logprob: number): number {
  return logprob > LOWEST ? logprob : LOWEST;
}
