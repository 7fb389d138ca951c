/** The table of cases: what is measured, how often, and what Quire is meant to reach. */

export type ModelName = "135m" | "1b";

/** decode, prefill: through the engine's own API. server: through HTTP. start: a process. prefix: cached against cold. */
export type CaseKind = "decode" | "prefill" | "server" | "start" | "prefix";

/** One figure of a case. */
export interface Metric {
  readonly name: MetricName;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly target?: Target;
}

export type MetricName = "rate" | "ttft" | "itl" | "start";

/** What Quire is meant to reach against the best peer. */
export interface Target {
  readonly text: string;
  met(reached: Reached): boolean;
}

export interface Reached {
  /** Quire's median. */
  readonly value: number;
  /** Quire's median by the best peer's. */
  readonly ratio: number;
  /** Median of the ratios of the rounds. */
  readonly pairs: number;
  /** Share of what the probes allow; NaN where there is no such thing. */
  readonly share: number;
}

export interface Case {
  readonly name: string;
  readonly kind: CaseKind;
  readonly model: ModelName;
  /** Requests at once. */
  readonly batch: number;
  /** Prompt tokens of each. */
  readonly context: number;
  /** Tokens generated for each, after the first. */
  readonly newTokens: number;
  /** Requests of a server case, in all. */
  readonly requests?: number;
  /** Prompt tokens that are in the cache, for a prefix case. */
  readonly cached?: number;
  readonly rounds: number;
  readonly metrics: readonly Metric[];
}

const atLeast = (limit: number): Target => ({ text: `>= ${limit}`, met: ({ ratio }) => ratio >= limit });
const atMost = (limit: number): Target => ({ text: `<= ${limit}`, met: ({ ratio }) => ratio <= limit });

const parity: Record<ModelName, Target> = {
  "1b": {
    text: ">= 0.97 of the pairs, or >= 0.95 of the probe",
    met: ({ pairs, share }) => pairs >= 0.97 || share >= 0.95,
  },
  "135m": { text: ">= 1, and >= 0.9 of the probe", met: ({ ratio, share }) => ratio >= 1 && share >= 0.9 },
};

const rate = (target?: Target): Metric => ({ name: "rate", unit: "tok/s", better: "higher", target });

function decode(model: ModelName, batch: number, target: Target, context = 128): Case {
  const isLong = context > 1000;
  return {
    name: `${model}-decode-${batch}${isLong ? `-context-${context}` : ""}`,
    kind: "decode",
    model,
    batch,
    context,
    newTokens: model === "1b" ? 32 : 64,
    rounds: batch === 1 ? 10 : isLong ? 3 : 5,
    metrics: [rate(target)],
  };
}

function prefill(model: ModelName, context: number): Case {
  const name = `${model}-prefill-${context}`;
  return { name, kind: "prefill", model, batch: 1, context, newTokens: 0, rounds: 5, metrics: [rate(atLeast(1.8))] };
}

function server(model: ModelName): Case {
  const less = { text: "< 1", met: ({ ratio }: Reached) => ratio < 1 };
  return {
    name: `${model}-server`,
    kind: "server",
    model,
    batch: 16,
    context: 128,
    newTokens: 63,
    requests: 64,
    rounds: 3,
    metrics: [
      rate({ ...atLeast(1.5), text: ">= 1.5, aim 1.7" }),
      { name: "ttft", unit: "ms", better: "lower", target: less },
      { name: "itl", unit: "ms", better: "lower", target: less },
    ],
  };
}

const quick: Target = {
  text: "<= 1.2 s and <= 1.5, aim 1",
  met: ({ value, ratio }) => value <= 1.2 && ratio <= 1.5,
};

/** Cases that share a model stand together, as engines stay loaded between them. */
export const cases: readonly Case[] = [
  decode("135m", 1, parity["135m"]),
  decode("135m", 4, atLeast(1.5)),
  decode("135m", 16, atLeast(2)),
  decode("135m", 64, atLeast(2)),
  decode("135m", 8, atLeast(1.3), 4096),
  prefill("135m", 512),
  prefill("135m", 2048),
  {
    name: "135m-prefix",
    kind: "prefix",
    model: "135m",
    batch: 1,
    context: 1536,
    newTokens: 0,
    cached: 1500,
    rounds: 5,
    metrics: [{ name: "ttft", unit: "ms", better: "lower", target: atMost(0.1) }],
  },
  {
    name: "135m-start",
    kind: "start",
    model: "135m",
    batch: 1,
    context: 5,
    newTokens: 0,
    rounds: 10,
    metrics: [{ name: "start", unit: "s", better: "lower", target: quick }],
  },
  server("135m"),
  decode("1b", 1, parity["1b"]),
  decode("1b", 4, atLeast(1.5)),
  decode("1b", 16, atLeast(2)),
  prefill("1b", 512),
  server("1b"),
];

/**
 * Cases whose names match one of the comma-separated patterns (`*` stands for anything), in the table's order.
 * @throws Error for a pattern that matches nothing
 */
export function selectCases(patterns: string): Case[] {
  const wanted = patterns.split(",").filter((pattern) => pattern !== "");
  const matchers = wanted.map((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[^\w-]/g, "\\$&"));
    const matcher = new RegExp(`^${parts.join(".*")}$`);
    if (!cases.some(({ name }) => matcher.test(name))) {
      throw new Error(`--cases: nothing is called ${pattern}; there are ${cases.map(({ name }) => name).join(", ")}`);
    }
    return matcher;
  });
  return cases.filter(({ name }) => matchers.some((matcher) => matcher.test(name)));
}
