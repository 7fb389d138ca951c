/** System prompt, sampling and what else goes with each request of a conversation. */

/** Numbers that a request may carry; left out: the model's own. */
export interface SamplingField {
  /** The request's field. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly isInteger?: boolean;
}

export const samplingFields: readonly SamplingField[] = [
  { name: "temperature", label: "Temperature", hint: "0 always takes the likeliest token", min: 0, max: 2, step: 0.1 },
  {
    name: "top_p",
    label: "Top p",
    hint: "the likeliest tokens that have this share together",
    min: 0.01,
    max: 1,
    step: 0.01,
  },
  {
    name: "top_k",
    label: "Top k",
    hint: "the k likeliest tokens; 0: all",
    min: 0,
    max: 1_000_000,
    step: 1,
    isInteger: true,
  },
  {
    name: "min_p",
    label: "Min p",
    hint: "tokens at least this likely, relative to the likeliest",
    min: 0,
    max: 1,
    step: 0.01,
  },
  {
    name: "max_tokens",
    label: "Max tokens",
    hint: "longest answer",
    min: 1,
    max: 10_000_000,
    step: 1,
    isInteger: true,
  },
  { name: "repetition_penalty", label: "Repetition penalty", hint: "1: none", min: 0.01, max: 2, step: 0.05 },
  {
    name: "presence_penalty",
    label: "Presence penalty",
    hint: "against tokens that are there",
    min: -2,
    max: 2,
    step: 0.1,
  },
  {
    name: "frequency_penalty",
    label: "Frequency penalty",
    hint: "the more often, the more",
    min: -2,
    max: 2,
    step: 0.1,
  },
  {
    name: "seed",
    label: "Seed",
    hint: "the same seed, the same answer",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    step: 1,
    isInteger: true,
  },
];

export interface Settings {
  /** One of the server's names; "": its first. */
  model: string;
  system: string;
  /** By the name of the field. */
  sampling: Record<string, number>;
  /** Texts that end an answer. */
  stop: string[];
  /** JSON: functions that the model may call; "" for none. */
  tools: string;
  /** JSON: more fields of the request; "" for none. */
  extra: string;
}

export const emptySettings: Settings = { model: "", system: "", sampling: {}, stop: [], tools: "", extra: "" };

/** Settings from data that may be anything: what is wrong is left out. */
export function readSettings(data: unknown): Settings {
  const given = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const sampling: Record<string, number> = {};
  const numbers = (typeof given.sampling === "object" && given.sampling !== null ? given.sampling : {}) as Record<
    string,
    unknown
  >;
  for (const field of samplingFields) {
    const value = numbers[field.name];
    if (typeof value === "number" && fieldProblem(field, value) === undefined) sampling[field.name] = value;
  }
  const stop = Array.isArray(given.stop)
    ? given.stop.filter((entry): entry is string => typeof entry === "string")
    : [];
  return { model: text("model"), system: text("system"), sampling, stop, tools: text("tools"), extra: text("extra") };
}

/** What is wrong with a number, or undefined. */
export function fieldProblem(field: SamplingField, value: number): string | undefined {
  const { min, max, isInteger } = field;
  if (Number.isFinite(value) && value >= min && value <= max && (!isInteger || Number.isSafeInteger(value)))
    return undefined;
  const kind = isInteger ? "a whole number" : "a number";
  return max > 10_000 ? `${kind} from ${min}` : `${kind} from ${min} to ${max}`;
}

/** What is wrong with the text of the tools, or undefined. */
export function toolsProblem(text: string): string | undefined {
  return jsonProblem(text, Array.isArray, "a list of tools");
}

/** What is wrong with the text of the extra fields, or undefined. */
export function extraProblem(text: string): string | undefined {
  return jsonProblem(
    text,
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "a JSON object",
  );
}

function jsonProblem(text: string, isRight: (value: unknown) => boolean, expected: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    return isRight(JSON.parse(text)) ? undefined : `expected ${expected}`;
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
}
