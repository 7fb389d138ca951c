/** Linear layers whose inputs are rounded before they are multiplied: W8A8 in int8 and fp8. */
import type { LinearMethod, LinearPart } from "../layers/linear-method.js";
import { unquantized } from "../layers/linear-method.js";
import type { ActivationScales } from "../ops/quantize-activations.js";
import { quantizeActivations } from "../ops/quantize-activations.js";
import { UnsupportedError } from "../util/errors.js";
import type { ActivationRule } from "./activation-rule.js";
import { sameRule } from "./activation-rule.js";

/** @param rules by the names of matrices, without ".weight" */
export function roundedInputs(name: string, rules: ReadonlyMap<string, ActivationRule>): LinearMethod {
  const ruleOf = (prefix: string, parts: readonly LinearPart[]): ActivationScales | undefined => {
    const own = parts.map((part) => rules.get(part.name));
    const other = own.findIndex((rule) => !sameRule(rule, own[0]));
    if (other < 0) return own[0] && scalesOf(own[0]);
    throw new UnsupportedError(
      `${prefix}: its parts round their inputs differently (${parts[0]!.name}: ${describe(own[0])}; ${parts[other]!.name}: ${describe(own[other])})`,
    );
  };
  return {
    name,
    roundInput(matrix) {
      const rule = rules.get(matrix);
      return rule && ((x) => quantizeActivations(x, scalesOf(rule)));
    },
    create(spec) {
      const scales = ruleOf(spec.prefix, spec.parts);
      const weight = unquantized.create(spec);
      return scales ? { apply: (x, bias) => weight.apply(quantizeActivations(x, scales), bias) } : weight;
    },
    createExperts(spec) {
      const scales = ruleOf(spec.prefix, spec.parts);
      const weight = unquantized.createExperts!(spec);
      return scales ? { apply: (x, ids, bias) => weight.apply(quantizeActivations(x, scales), ids, bias) } : weight;
    },
  };
}

function scalesOf(rule: ActivationRule): ActivationScales {
  if (rule.per === "token") return { type: rule.type };
  if (rule.per === "group") return { type: rule.type, groupSize: rule.groupSize };
  return { type: rule.type, scale: rule.scale, ...(rule.zeroPoint ? { zeroPoint: rule.zeroPoint } : {}) };
}

function describe(rule: ActivationRule | undefined): string {
  return rule === undefined ? "not at all" : Object.values(rule).join(" ");
}
