/** Checks of single request fields; errors name the field in snake_case, as clients write it. */
import { RequestError } from "../util/errors.js";
import { showValue, snakeCase } from "../util/text.js";

/** @throws RequestError unless fields[name] is a finite number in [low, high] */
export function checkNumber(fields: Record<string, unknown>, name: string, low: number, high = Infinity): void {
  const value = fields[name];
  const expected = high === Infinity ? `a finite number from ${low}` : `a number in [${low}, ${high}]`;
  if (typeof value !== "number" || !Number.isFinite(value) || value < low || value > high) {
    throw wrong(name, expected, value);
  }
}

/** @throws RequestError unless fields[name] is an integer in [low, high] */
export function checkInteger(
  fields: Record<string, unknown>,
  name: string,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): void {
  const value = fields[name];
  if (!Number.isSafeInteger(value) || (value as number) < low || (value as number) > high) {
    throw wrong(
      name,
      high < Number.MAX_SAFE_INTEGER ? `an integer in [${low}, ${high}]` : `an integer from ${low}`,
      value,
    );
  }
}

/** @throws RequestError unless fields[name] is a list whose members all pass `check` */
export function checkList(
  fields: Record<string, unknown>,
  name: string,
  of: string,
  check: (x: unknown) => boolean,
): void {
  const value = fields[name];
  if (!Array.isArray(value)) throw wrong(name, `a list of ${of}`, value);
  const bad = value.findIndex((x) => !check(x));
  if (bad >= 0) throw wrong(name, `a list of ${of}`, value[bad]);
}

/** The error for a field (camelCase) whose value is not what was expected; `param` is the name in snake_case. */
export function wrong(name: string, expected: string, value: unknown): RequestError {
  const param = snakeCase(name);
  return new RequestError(`${param} must be ${expected}; got ${showValue(value)}`, { param });
}
