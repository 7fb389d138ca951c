/** Positions of one partition of the KV sequence, counted from 0: each is reduced alike, then merged in ascending order. */
export declare const attentionPartition = 512;
