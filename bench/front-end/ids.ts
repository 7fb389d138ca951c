/** Which token ids the mock engine of bench/front-end.ts gives, one after the other. */

/** Words of the bundled model's vocabulary; bytes come before. */
export const FIRST_ID = 400;
export const NUM_IDS = 1000;
