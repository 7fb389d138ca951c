/** ggml's numbering of tensor types. Data only. */
import type { StorageType } from "../tensor/storage-type.js";
/** The types that Quire reads, by ggml's number. */
export declare const ggmlStorage: ReadonlyMap<number, StorageType>;
/** Names of the types that ggml knows and Quire does not read, for errors. */
export declare const ggmlOtherTypes: ReadonlyMap<number, string>;
