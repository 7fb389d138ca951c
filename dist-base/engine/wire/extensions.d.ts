/** The extension types that `pack` and `unpack` add to MessagePack. */
/** Numbers of the types; typed arrays have those from `TYPED_ARRAYS` on. */
export declare const Extension: {
    /** No bytes. */
    readonly undefined: 0;
    /** A string with lone surrogates, which UTF-8 cannot say: little-endian UTF-16. */
    readonly utf16: 1;
};
/** Extension type of a typed array; undefined for other views. */
export declare function typedArrayKind(array: ArrayBufferView): number | undefined;
/** The array of an extension type, with a copy of the bytes; undefined for other types. */
export declare function typedArrayOf(kind: number, bytes: Uint8Array): ArrayBufferView | undefined;
