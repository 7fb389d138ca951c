/** How a scheme rounds the inputs of its products. */

/**
 * `int8`: to whole numbers of a scale, -128 to 127. `fp8`: to e4m3 numbers of a scale, -448 to 448.
 * `token`: one scale for each row, from its largest element. `group`: one for each run of `groupSize` columns of a row.
 * `tensor`: the checkpoint's own `scale`.
 */
export type ActivationRule =
  | { readonly type: "int8" | "fp8"; readonly per: "token" }
  | { readonly type: "int8" | "fp8"; readonly per: "group"; readonly groupSize: number }
  | { readonly type: "int8" | "fp8"; readonly per: "tensor"; readonly scale: number; readonly zeroPoint?: number };

/** Whether two rules do the same. */
export function sameRule(a: ActivationRule | undefined, b: ActivationRule | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
