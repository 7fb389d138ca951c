/** The dashboard: asks for figures once a second, and shows them. */
import { ApiError, callJson } from "./api-client.js";
import type { DashboardData } from "./dashboard-data.js";
import { byId, el, icon } from "./dom.js";
import { duration, round } from "./figures.js";
import { History, percentile, percentileOf, sum } from "./history.js";
import type { Bucket } from "./history.js";
import { LineChart } from "./line-chart.js";
import { store, stored } from "./local-settings.js";
import { startTheme } from "./theme.js";
import { showTimeline } from "./timeline.js";
import { visibleText } from "./visible-text.js";

const EVERY_MS = 1000;
/** Milliseconds that the tiles look back. */
const TILE_MS = 60_000;
/** Ranges in minutes, and the seconds of one point of the charts. */
const RANGES: Readonly<Record<string, number>> = { 1: 1, 5: 3, 15: 10 };

startTheme();
const history = new History();
const charts = {
  tokens: new LineChart("Throughput", "tokens per second"),
  requests: new LineChart("Requests", "most at one time"),
  firstToken: new LineChart("Time to first token", "from arrival"),
  interToken: new LineChart("Between tokens", "of one answer"),
  endToEnd: new LineChart("Whole request", "arrival to end"),
  cache: new LineChart("KV cache", "share used, share of prompt tokens found"),
};
byId("charts").append(...Object.values(charts).map(({ element }) => element));

let range = stored("range") ?? "5";
if (!(range in RANGES)) range = "5";
let isPaused = false;

for (const button of byId("range").querySelectorAll<HTMLButtonElement>("button")) {
  const mark = () => button.setAttribute("aria-pressed", String(button.value === range));
  mark();
  button.addEventListener("click", () => {
    range = button.value;
    store("range", range);
    for (const other of byId("range").querySelectorAll<HTMLButtonElement>("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    show();
  });
}

const pause = byId<HTMLButtonElement>("pause-button");
const markPause = () => {
  pause.replaceChildren(icon(isPaused ? "play" : "pause"));
  pause.setAttribute("aria-label", isPaused ? "Go on" : "Pause");
  pause.title = isPaused ? "Go on" : "Pause";
};
markPause();
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  markPause();
});

function show(): void {
  const data = history.latest;
  if (data === undefined) return;
  const rangeMs = Number(range) * 60_000;
  const buckets = history.buckets(rangeMs, RANGES[range]! * 1000);
  showTiles(data);
  showCharts(buckets, rangeMs);
  showTimeline(history.requests(rangeMs), data.nowMs, rangeMs);
}

function showTiles(data: DashboardData): void {
  const { now } = data;
  const seconds = history.seconds(TILE_MS);
  const ended = history.requests(TILE_MS);
  const firstTokens = ended.flatMap(({ firstTokenMs, arrivalMs }) =>
    firstTokenMs === null ? [] : [firstTokenMs - arrivalMs],
  );
  const totals = ended.flatMap(({ end, endMs, arrivalMs }) =>
    endMs === null || end === "failed" || end === "abort" ? [] : [endMs - arrivalMs],
  );
  const gaps = seconds.map(({ interToken }) => interToken);
  const queries = sum(seconds, ({ prefixQueries }) => prefixQueries);
  const { accepted = 0, finished = 0, aborted = 0, failed = 0 } = now.requests;
  const pair = (low: number | undefined, high: number | undefined) =>
    low === undefined || high === undefined ? "–" : `${duration(low)} / ${duration(high)}`;
  // The last full seconds: the one under way would always look slow.
  const recent = history
    .buckets(6000, 1000)
    .slice(0, 5)
    .flatMap((bucket) => bucket.seconds);
  const tiles: [string, string, string][] = [
    ["Generating", `${round(sum(recent, (second) => second.numGenerationTokens) / 5)}`, "tokens per second, last 5 s"],
    ["Reading", `${round(sum(recent, (second) => second.numPromptTokens) / 5)}`, "prompt tokens per second"],
    ["Running", String(now.numRunning), now.numWaiting === 1 ? "1 waits" : `${now.numWaiting} wait`],
    [
      "KV cache",
      percent(now.kvCacheUsage),
      now.numPreemptions === 0 ? "in use" : `in use, ${now.numPreemptions} preemptions`,
    ],
    [
      "Prefix hits",
      queries === 0 ? "–" : percent(sum(seconds, ({ prefixHits }) => prefixHits) / queries),
      "of prompt tokens, last minute",
    ],
    [
      "First token",
      pair(percentile(firstTokens, 0.5), percentile(firstTokens, 0.99)),
      "median / 99th percentile, last minute",
    ],
    [
      "Between tokens",
      pair(percentileOf(gaps, 0.5), percentileOf(gaps, 0.99)),
      "median / 99th percentile, last minute",
    ],
    ["Whole request", pair(percentile(totals, 0.5), percentile(totals, 0.99)), "median / 99th percentile, last minute"],
    ["Requests", accepted.toLocaleString("en"), `${finished} done, ${aborted} given up, ${failed} failed`],
  ];
  byId("tiles").replaceChildren(
    ...tiles.map(([label, value, hint]) =>
      el(
        "div",
        { class: "tile" },
        el("dt", {}, label),
        el("dd", {}, el("b", {}, value), el("span", { class: "hint" }, hint)),
      ),
    ),
  );
  byId("model-name").textContent = visibleText(data.model.names[0] ?? "");
}

function showCharts(buckets: readonly Bucket[], rangeMs: number): void {
  const rate = (figure: "numPromptTokens" | "numGenerationTokens") =>
    buckets.map(({ seconds, lengthMs }) => (sum(seconds, (second) => second[figure]) * 1000) / lengthMs);
  const spread = (figure: "timeToFirstToken" | "interToken" | "endToEnd", share: number) =>
    buckets.map(({ seconds }) =>
      percentileOf(
        seconds.map((second) => second[figure]),
        share,
      ),
    );
  const latency = (figure: "timeToFirstToken" | "interToken" | "endToEnd") => ({
    series: [
      { name: "median", colour: 1, values: spread(figure, 0.5) },
      { name: "90th", colour: 3, values: spread(figure, 0.9) },
      { name: "99th percentile", colour: 2, values: spread(figure, 0.99) },
    ],
    rangeMs,
    format: duration,
    atLeast: 1,
  });
  charts.tokens.show({
    series: [
      { name: "generated", colour: 1, isArea: true, values: rate("numGenerationTokens") },
      { name: "read", colour: 2, values: rate("numPromptTokens") },
    ],
    rangeMs,
    atLeast: 10,
  });
  charts.requests.show({
    series: [
      { name: "running", colour: 1, isArea: true, values: buckets.map(({ numRunning }) => numRunning) },
      { name: "waiting", colour: 2, values: buckets.map(({ numWaiting }) => numWaiting) },
    ],
    rangeMs,
    format: (value) => String(Math.round(value * 10) / 10),
    atLeast: 2,
  });
  charts.firstToken.show(latency("timeToFirstToken"));
  charts.interToken.show(latency("interToken"));
  charts.endToEnd.show(latency("endToEnd"));
  const hits = buckets.map(({ seconds }) => {
    const queries = sum(seconds, ({ prefixQueries }) => prefixQueries);
    return queries === 0 ? undefined : sum(seconds, ({ prefixHits }) => prefixHits) / queries;
  });
  charts.cache.show({
    series: [
      { name: "used", colour: 1, isArea: true, values: buckets.map(({ kvCacheUsage }) => kvCacheUsage) },
      { name: "prefix hits", colour: 3, values: hits },
    ],
    rangeMs,
    format: percent,
    atLeast: 0.1,
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function tell(text: string): void {
  byId("notice").hidden = text === "";
  // Said once, not every second.
  if (byId("notice-text").textContent !== text) byId("notice-text").textContent = text;
}

async function ask(): Promise<void> {
  const { since } = history;
  try {
    history.add(await callJson<DashboardData>(`dashboard/data${since === undefined ? "" : `?since=${since}`}`));
    tell(history.latest!.isResponding ? "" : "The engine does not respond.");
    show();
  } catch (error) {
    tell(error instanceof ApiError ? error.message : String(error));
  }
}

/** One question at a time; none while nobody looks. */
async function run(): Promise<void> {
  for (;;) {
    if (!isPaused && document.visibilityState === "visible") await ask();
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

void run();
