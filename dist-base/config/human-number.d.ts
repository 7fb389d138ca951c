/** Numbers as people write them: 1k, 2K, 25.6k tokens; 4GiB, 4G, 500MB. */
/**
 * "4096" -> 4096, "1k" -> 1000, "1K" -> 1024, "25.6k" -> 25600; m, g, t and M, G, T alike. Undefined when the text is no
 * such number or its value is not whole.
 */
export declare function parseHumanInteger(text: string): number | undefined;
/** The same for bytes, and with a unit: "4GiB" and "4G" are 4 * 2^30, "4GB" and "4g" are 4 * 10^9. */
export declare function parseHumanBytes(text: string): number | undefined;
/** 1610612736 -> "1.5 GiB". */
export declare function showBytes(bytes: number): string;
