/**
 * Numbers, strings (lone surrogates too), booleans, null, undefined, bigints of 64 bits, arrays, typed arrays and plain objects. The
 * format is MessagePack's; undefined, typed arrays and strings that are no UTF-8 are extensions (see extensions.ts).
 *
 * Keeps a scratch buffer: one per connection.
 */
export declare class Packer {
    #private;
    /**
     * @param reserve bytes that are left free at the start, for a header
     * @returns bytes of their own, not used again
     * @throws ShapeError for what is not plain data: functions, symbols, class instances
     */
    pack(value: unknown, reserve?: number): Buffer;
}
