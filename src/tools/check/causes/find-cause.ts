/** The order in which causes are looked for: what explains most with least work first. */
import type { OpRecord } from "../../../platform/platform.js";
import { attentionVariants } from "./attention.js";
import type { Cause, Evidence } from "./evidence.js";
import { factorVariants } from "./factors.js";
import { functionVariants } from "./functions.js";
import { leafCause } from "./leaf.js";
import { missingPartCause } from "./missing-part.js";
import { affineCause, orderCause, unaryCause } from "./numbers.js";
import { rotaryVariants } from "./rotary.js";
import { routingCause } from "./routing.js";
import { skippedModuleVariants } from "./skipped.js";
import { sumCause } from "./sums.js";
import { numberVariants, opVariants, variantCause } from "./variants.js";
import { viewVariants } from "./views.js";

/**
 * @param leaf   the record that computes the module, where its output is wrong; undefined: what goes in is wrong
 * @param likely causes that were found elsewhere (`withoutLayers`): their kind is tried first
 */
export async function findCause(
  evidence: Evidence,
  leaf: OpRecord | undefined,
  likely: ReadonlySet<string>,
): Promise<Cause | undefined> {
  const hints: Cause[] = [];
  const consider = (cause: Cause | undefined): boolean => {
    if (cause && !cause.confirmed) hints.push(cause);
    return cause?.confirmed === true;
  };
  const plain: (() => Cause | undefined)[] = leaf
    ? [() => leafCause(evidence, leaf), () => affineCause(evidence)]
    : [() => routingCause(evidence), () => sumCause(evidence), () => affineCause(evidence)];
  for (const find of plain) {
    const cause = find();
    if (consider(cause)) return cause;
  }
  const glue = leaf
    ? []
    : [...skippedModuleVariants(evidence), ...attentionVariants(evidence), ...rotaryVariants(evidence)];
  const variants = [...opVariants(evidence), ...viewVariants(evidence), ...glue, ...numberVariants(evidence)];
  if (!leaf) variants.push(...functionVariants(evidence), ...factorVariants(evidence));
  const changed = await variantCause(evidence, variants, likely);
  if (changed) return changed;
  for (const find of [() => missingPartCause(evidence), () => unaryCause(evidence), () => orderCause(evidence)]) {
    const cause = find();
    if (consider(cause)) return cause;
  }
  const text = hints.map((hint) => hint.text).join("; ");
  return text === "" ? undefined : { text, confirmed: false };
}
