/**
 * Parses bytes that must be UTF-8 and one JSON object. `Infinity`, which Python writes for float("inf"), is accepted,
 * and so is a byte order mark.
 *
 * @param where the file, the first words of an error
 * @throws CheckpointError with the line of the first mistake
 */
export declare function parseJsonObject(bytes: Uint8Array, where: string): Record<string, unknown>;
