/** Checks of single request fields; errors name the field in snake_case, as clients write it. */
import { RequestError } from "../util/errors.js";
/** @throws RequestError unless fields[name] is a finite number in [low, high] */
export declare function checkNumber(fields: Record<string, unknown>, name: string, low: number, high?: number): void;
/** @throws RequestError unless fields[name] is an integer in [low, high] */
export declare function checkInteger(fields: Record<string, unknown>, name: string, low: number, high?: number): void;
/** @throws RequestError unless fields[name] is a list whose members all pass `check` */
export declare function checkList(fields: Record<string, unknown>, name: string, of: string, check: (x: unknown) => boolean): void;
/** The error for a field (camelCase) whose value is not what was expected; `param` is the name in snake_case. */
export declare function wrong(name: string, expected: string, value: unknown): RequestError;
