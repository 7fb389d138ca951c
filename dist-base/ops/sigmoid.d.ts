/** The logistic function, under its own name. */
import type { Tensor } from "../tensor/tensor.js";
/** 1 / (1 + e^-x), element by element: gates. x and result as of `activation`, which records it. */
export declare function sigmoid(x: Tensor): Tensor;
