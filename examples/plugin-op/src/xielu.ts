/** xIELU, the activation of Apertus. An op that Quire lacks: a reference in TypeScript, and C++ where it was compiled. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tensor } from "quirelm/ops";
import { defineOp } from "quirelm/ops";

const library = fileURLToPath(new URL("../native/xielu.so", import.meta.url));

type Inputs = [x: Tensor, alphaP: Tensor, alphaN: Tensor];

/**
 * xielu(x, alphaP, alphaN, { beta, eps }): p x^2 + beta x above 0, and n (exp(min(x, eps)) - 1 - x) + beta x below, where
 * p = softplus(alphaP) and n = beta + softplus(alphaN).
 *
 * x [numTokens, size] f32, alphaP and alphaN [1] -> shape of x. Source: arXiv 2411.13010; HF XIELUActivation.
 */
export const xielu = defineOp<Inputs, { beta: number; eps: number }>("quirelm-apertus/xielu", {
  shape: ([x]) => x.shape,
  reference({ inputs: [x, alphaP, alphaN], outputs: [out], attributes: { beta, eps } }) {
    const p = Math.log1p(Math.exp(alphaP.data[0]!));
    const n = beta + Math.log1p(Math.exp(alphaN.data[0]!));
    for (let i = 0; i < out.data.length; i++) {
      const value = x.data[i]!;
      out.data[i] =
        value > 0 ? p * value * value + beta * value : (Math.expm1(Math.min(value, eps)) - value) * n + beta * value;
    }
  },
  cost: ([x]) => ({ flops: 5 * x!.numElements }),
  native: existsSync(library) ? { cpu: library, symbol: "xielu" } : {},
});
