/** The requests of the last minutes as a table, each with its bar: queued, prefill, decode. */
import type { RequestRecord } from "./dashboard-data.js";
import { byId, el, svg } from "./dom.js";
import { duration } from "./figures.js";
import { visibleText } from "./visible-text.js";

const MAX_ROWS = 60;

/** Parts of a request's life, with the class of their colour. */
const PARTS = ["queued", "prefill", "decode"] as const;

/** The stretch of time that the bars show, on the server's clock. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Shows the newest ones; the bars share one scale, from the first arrival among them to now or the last end. */
export function showTimeline(requests: readonly RequestRecord[], nowMs: number, rangeMs: number): void {
  const shown = requests.slice(0, MAX_ROWS);
  const fromMs = Math.max(nowMs - rangeMs, Math.min(...shown.map(({ arrivalMs }) => arrivalMs)));
  const toMs = Math.max(fromMs + 1, ...shown.map(({ endMs }) => endMs ?? nowMs));
  byId("timeline-rows").replaceChildren(...shown.map((request) => row(request, nowMs, { fromMs, toMs })));
  byId("timeline-empty").hidden = requests.length > 0;
  byId("timeline-span").textContent = shown.length === 0 ? "" : `Time, ${duration(toMs - fromMs)} from left to right`;
  const more = requests.length - MAX_ROWS;
  byId("timeline-more").textContent = more > 0 ? `and ${more} more` : "";
}

function row(request: RequestRecord, nowMs: number, span: Span): HTMLElement {
  const { id, endpoint, arrivalMs, firstTokenMs, endMs, end } = request;
  const { numPromptTokens, numCachedTokens, numOutputTokens } = request;
  const total = (endMs ?? nowMs) - arrivalMs;
  const cached = numCachedTokens > 0 ? `${numCachedTokens} of them cached` : undefined;
  return el(
    "tr",
    { class: end === "failed" ? "failed" : endMs === null ? "open" : undefined },
    el(
      "th",
      { scope: "row", title: `${visibleText(id)} ${visibleText(endpoint)}` },
      el("span", { class: "request-id" }, visibleText(id)),
    ),
    el("td", { class: "number wide-only", title: cached }, numPromptTokens),
    el("td", { class: "number" }, numOutputTokens),
    el("td", { class: "number wide-only" }, firstTokenMs === null ? "–" : duration(firstTokenMs - arrivalMs)),
    el("td", { class: "number wide-only" }, duration(total)),
    el("td", { class: "wide-only" }, end ?? state(request)),
    el("td", { class: "bar-cell" }, bar(request, nowMs, span) as unknown as HTMLElement),
  );
}

function state({ scheduledMs, firstTokenMs }: RequestRecord): string {
  return scheduledMs === null ? "waiting" : firstTokenMs === null ? "prefill" : "running";
}

function bar(request: RequestRecord, nowMs: number, { fromMs, toMs }: Span): SVGElement {
  const { arrivalMs, scheduledMs, firstTokenMs, endMs } = request;
  const end = endMs ?? nowMs;
  const borders = [arrivalMs, scheduledMs ?? end, firstTokenMs ?? end, end];
  const percent = (time: number) => Math.max(0, Math.min(100, ((time - fromMs) / (toMs - fromMs)) * 100));
  const parts = PARTS.flatMap((part, i) => {
    const [from, to] = [percent(borders[i]!), percent(borders[i + 1]!)];
    if (borders[i + 1]! <= borders[i]!) return [];
    // At least a hairline, so that a short part is seen.
    return [
      svg("rect", { class: part, x: `${from}%`, width: `${Math.max(0.25, to - from)}%`, y: 3, height: 10, rx: 1 }),
    ];
  });
  const words = PARTS.map((part, i) => `${part} ${duration(borders[i + 1]! - borders[i]!)}`).join(", ");
  const picture = svg("svg", { class: "life", height: 16, role: "img", "aria-label": words }, ...parts);
  const title = svg("title");
  title.textContent = words;
  picture.prepend(title);
  return picture;
}
