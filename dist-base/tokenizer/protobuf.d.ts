/** One field: its number, and its value by wire type (varint, bytes, or four raw bytes as a float). */
export type ProtobufField = {
    number: number;
    kind: "varint";
    value: number;
} | {
    number: number;
    kind: "bytes";
    value: Uint8Array;
} | {
    number: number;
    kind: "float";
    value: number;
} | {
    number: number;
    kind: "other";
};
/**
 * The fields of one message.
 * @throws CheckpointError where the bytes end too early or make no sense
 */
export declare function protobufFields(bytes: Uint8Array, where: string): Generator<ProtobufField>;
