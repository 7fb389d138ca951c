/** TokenMasks: which tokens the requests of a step may sample. */

/** By request id; bit i % 32 of word i / 32 says whether token i may come: [ceil(vocabSize / 32)]. Requests without one are free. */
export type TokenMasks = ReadonlyMap<string, Int32Array>;
