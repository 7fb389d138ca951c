/** The page docs/metrics.md, made from the definitions. */
import { engineDefinitions, HTTP_DEFINITIONS, QUIRE_DEFINITIONS } from "./definitions.js";
import type { MetricDefinition } from "./metric.js";

/** Markdown: a table per family of metrics, and what their buckets are. */
export function metricsPage(): string {
  const groups: readonly [string, string, Record<string, MetricDefinition>][] = [
    ["The engine", "vLLM's names, labels and buckets.", engineDefinitions(1)],
    ["Quire's own", "What vLLM has no name for.", QUIRE_DEFINITIONS],
    [
      "HTTP",
      "As prometheus-fastapi-instrumentator names them; `handler` is the route, `none` for unknown paths, and `status` the class: " +
        "`2xx`. A client that left before its answer counts as `4xx`. `/metrics` and the probes are not counted.",
      HTTP_DEFINITIONS,
    ],
  ];
  const parts = [
    "# Metrics",
    "",
    "`GET /metrics` answers in Prometheus' text format, without a key unless `--api-key-metrics` is given. The names are vLLM's, so its",
    "dashboards, alerts and autoscalers work as they are. A counter's name ends in `_total` in the text. After the engine has died the",
    "last figures stay, and the requests that died with it are counted as failed.",
    "",
    "How the intervals are measured: a request arrives when its HTTP request was read, before its template and its tokens. Queue time",
    "runs from its coming to the engine until it is first scheduled, prefill from there to its first token, decode from there to its",
    "last, all three on the engine process's own clock; time to first token and end-to-end latency are on the server's. The two clocks",
    "are never compared. Latencies are observed for requests that got all their outputs.",
    "",
  ];
  for (const [title, what, definitions] of groups) {
    parts.push(`## ${title}`, "", what, "", "| name | type | labels | what |", "| --- | --- | --- | --- |");
    for (const { name, type, labels, help } of Object.values(definitions)) {
      parts.push(`| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`);
    }
    parts.push("");
  }
  parts.push("Besides these, `process_*` and `nodejs_*` of the server's process, as prom-client has them.", "");
  parts.push("## Buckets", "", "| buckets | of |", "| --- | --- |");
  const byBuckets = new Map<string, string[]>();
  for (const { name, buckets, bucketsText } of groups.flatMap(([, , definitions]) => Object.values(definitions))) {
    if (buckets === undefined) continue;
    const text = bucketsText ?? buckets.join(", ");
    byBuckets.set(text, [...(byBuckets.get(text) ?? []), `\`${name}\``]);
  }
  for (const [text, names] of byBuckets) parts.push(`| ${text} | ${names.join(", ")} |`);
  return `${parts.join("\n")}\n`;
}
