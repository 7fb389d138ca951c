/** Names and values as they stand in messages. */
/** `numKeyValueHeads` -> `num_key_value_heads`. */
export declare function snakeCase(camelCase: string): string;
/** A value for a message, short whatever it is. */
export declare function showValue(value: unknown): string;
/** What a caught value says: an error's message, anything else as text. */
export declare function messageOf(error: unknown): string;
