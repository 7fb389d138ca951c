/** Plain text for terminals: tables, and figures with few digits. */
/** Columns as wide as their widest cell; the first one to the left, the others to the right. Two spaces between. */
export declare function textTable(rows: readonly (readonly string[])[]): string;
/** Four significant digits, no exponent: 1234, 123.4, 0.1234. "-" where there is no value. */
export declare function figure(value: number | undefined): string;
