/** The logistic function, under its own name. */
import type { Tensor } from "../tensor/tensor.js";
import { activation } from "./activation.js";

/** 1 / (1 + e^-x), element by element: gates. x and result as of `activation`, which records it. */
export function sigmoid(x: Tensor): Tensor {
  return activation(x, "sigmoid");
}
