/** Experts: does the reference choose as many, and the same? */
import type { Cause, Evidence } from "./evidence.js";

/** Compares the chosen experts with those that the reference's router or experts were given. */
export function routingCause({ segment, dump }: Evidence): Cause | undefined {
  const routing = segment.records.find(({ op }) => op === "topkRouting");
  const ids = routing?.outputs[0];
  if (!routing || !ids) return undefined;
  const parent = segment.known
    .flatMap(({ labels }) => labels)
    .map((label) => /^(.*)\.[^.]*:out$/.exec(label)?.[1])
    .filter((name) => name !== undefined);
  const own = Array.from(segment.tracing.read(ids));
  const numExperts = routing.inputs[0]!.size(-1);
  const isRouting = (call: string): boolean => /rout|gate|expert|moe/i.test(`${call} ${dump.classOf(call)}`);
  for (const call of dump.calls.filter(
    (name) => isRouting(name) && parent.some((module) => name.startsWith(`${module}.`)),
  ))
    for (const key of dump.keys(call).filter((name) => dump.isInteger(name))) {
      const rows = dump.rows(key);
      const k = rows && rows.length / segment.numTokens;
      const isChoice =
        k !== undefined && k < numExperts && rows!.every((id) => Number.isInteger(id) && id >= 0 && id < numExperts);
      if (!isChoice || !rows!.some((id) => id > 0)) continue;
      if (k !== ids.size(1))
        return {
          text: `the reference sends each token to ${k} experts (${call}), the port to ${ids.size(1)}`,
          confirmed: true,
        };
      const sorted = (list: readonly number[], t: number): string =>
        [...list.slice(t * k, (t + 1) * k)].sort((a, b) => a - b).join();
      const wanted = Array.from(rows!);
      const wrong = Array.from({ length: segment.numTokens }, (_, t) => t).filter(
        (t) => sorted(own, t) !== sorted(wanted, t),
      );
      if (wrong.length > 0)
        return {
          text: `other experts are chosen: token ${wrong[0]} goes to ${sorted(wanted, wrong[0]!)} in the reference, to ${sorted(own, wrong[0]!)} in the port (${wrong.length} of ${segment.numTokens} tokens)`,
          confirmed: false,
        };
    }
  return undefined;
}
