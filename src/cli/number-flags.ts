/** Flags that take numbers: what is read from their text, and how a wrong one is told. */
import { UsageError } from "./exit.js";

export interface NumberRange {
  /** Smallest allowed value. */
  readonly min?: number;
  /** Largest allowed value. */
  readonly max?: number;
  /** The smallest value itself is not allowed. */
  readonly isAbove?: boolean;
  /** Whether "inf" is a value. */
  readonly allowInfinity?: boolean;
}

/** Reads a whole number. @throws UsageError (in the function that comes back) naming the flag */
export function integer(flag: string, range: NumberRange = {}): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    return inRange(flag, "an integer", range, value, text, Number.isSafeInteger(value));
  };
}

/** Reads any number, with `allowInfinity` also "inf". @throws UsageError (in the function that comes back) naming the flag */
export function number(flag: string, range: NumberRange = {}): (text: string) => number {
  return (text) => {
    const isInfinity = range.allowInfinity === true && /^\+?inf(inity)?$/i.test(text.trim());
    const value = isInfinity ? Infinity : text.trim() === "" ? Number.NaN : Number(text);
    return inRange(flag, "a number", range, value, text, isInfinity || Number.isFinite(value));
  };
}

/** Reads a comma list. @throws UsageError (in the function that comes back) naming the flag */
export function listOf<T>(flag: string, item: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.some((part) => part === ""))
      throw new UsageError(`${flag}: expected values with commas between them; got ${JSON.stringify(text)}`);
    return parts.map(item);
  };
}

function inRange(flag: string, what: string, range: NumberRange, value: number, text: string, isRead: boolean): number {
  const { min = -Infinity, max = Infinity, isAbove = false, allowInfinity = false } = range;
  if (isRead && value <= max && (isAbove ? value > min : value >= min)) return value;
  const low = min === -Infinity ? "" : isAbove ? ` above ${min}` : ` from ${min}`;
  const high = max === Infinity ? "" : `${low === "" ? " up" : ""} to ${max}`;
  throw new UsageError(
    `${flag}: expected ${what}${low}${high}${allowInfinity ? ', or "inf"' : ""}; got ${JSON.stringify(text)}`,
  );
}
