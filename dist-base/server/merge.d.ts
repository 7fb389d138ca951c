/** Several streams as one, in the order in which their items come. */
/**
 * @returns items with the number of their stream; ends when all have ended
 * @throws what the first failing stream throws; the others are then ended
 */
export declare function merge<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<[number, T], void, undefined>;
