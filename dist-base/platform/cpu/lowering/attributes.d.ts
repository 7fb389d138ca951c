/** Reads the attributes of records as the numbers that kernels take. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Argument } from "./lowered-op.js";
/** Order as in activationFunctions (src/ops/activation.ts), which this floor may not import; a test holds them equal. */
export declare const activationNumbers: string[];
/** cache, blockBytes, blockSize, isBf16 */
export declare function cacheArguments(record: OpRecord, cache: Tensor): Argument[];
export declare function number(record: OpRecord, name: string): number;
export declare function activationNumber(record: OpRecord): number;
