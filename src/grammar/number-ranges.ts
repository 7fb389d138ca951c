/** Numbers within bounds, as alternatives of EBNF. */
import { FormError } from "./grammar-writer.js";

/** Digits of a number that is not bounded: what 64 bits hold. */
const MAX_DIGITS = 18;
/** Digits after the point. */
const MAX_FRACTION = 16;

export interface Bound {
  readonly value: number;
  readonly isExclusive: boolean;
}

/** An integer of any size. */
export const ANY_INTEGER = `"-"? ("0" | [1-9] [0-9]{0,${MAX_DIGITS - 1}})`;
export const ANY_NUMBER = `${ANY_INTEGER} ("." [0-9]{1,${MAX_FRACTION}})? ([eE] [+\\-]? [0-9]{1,2})?`;

/** Integers from low to high; undefined where there is none. @throws FormError for bounds with too many digits */
export function integerRange(low: Bound | undefined, high: Bound | undefined): string | undefined {
  let from = low && BigInt(Math.ceil(low.value));
  let to = high && BigInt(Math.floor(high.value));
  if (low?.isExclusive === true && Number.isInteger(low.value)) from! += 1n;
  if (high?.isExclusive === true && Number.isInteger(high.value)) to! -= 1n;
  return join(integers(from, to));
}

/** Numbers from low to high, without exponents; undefined where there is none. */
export function numberRange(low: Bound | undefined, high: Bound | undefined): string | undefined {
  if (low !== undefined && high !== undefined) {
    if (low.value > high.value) return undefined;
    if (low.value === high.value && (low.isExclusive || high.isExclusive)) return undefined;
  }
  const zero: Bound = { value: 0, isExclusive: false };
  const result: string[] = [];
  if (low === undefined || low.value < 0) {
    const nearest = high !== undefined && high.value <= 0 ? { ...high, value: -high.value } : zero;
    const negative = positives(nearest, low && { ...low, value: -low.value });
    result.push(...negative.map((one) => `"-" ${one}`));
  }
  if (high === undefined || high.value > 0 || (high.value === 0 && !high.isExclusive)) {
    result.push(...positives(low !== undefined && low.value >= 0 ? low : zero, high));
  }
  return join(result);
}

function join(alternatives: readonly string[]): string | undefined {
  return alternatives.length === 0 ? undefined : alternatives.join(" | ");
}

function integers(from: bigint | undefined, to: bigint | undefined): string[] {
  const result: string[] = [];
  if (from === undefined || from < 0n) {
    const nearest = to !== undefined && to < 0n ? -to : 1n;
    result.push(...naturals(nearest, from === undefined ? undefined : -from).map((one) => `"-" ${one}`));
  }
  if (to === undefined || to >= 0n) result.push(...naturals(from !== undefined && from > 0n ? from : 0n, to));
  return result;
}

/** From 0 on. Numbers of each length on their own. */
function naturals(from: bigint, to: bigint | undefined): string[] {
  const result: string[] = [];
  const lowest = String(from);
  const highest = to === undefined ? "9".repeat(Math.max(MAX_DIGITS, lowest.length)) : String(to);
  if (to !== undefined && from > to) return [];
  for (let length = lowest.length; length <= highest.length; length++) {
    const low = length === lowest.length ? lowest : length === 1 ? "0" : `1${"0".repeat(length - 1)}`;
    const high = length === highest.length ? highest : "9".repeat(length);
    result.push(...digits(low, high));
  }
  return result;
}

/** Digit strings of one length, from low to high, as alternatives. */
function digits(low: string, high: string): string[] {
  const [first, last, rest] = [low[0]!, high[0]!, low.length - 1];
  if (rest === 0) return [digitClass(first, last)];
  const isAllLow = /^0*$/.test(low.slice(1));
  const isAllHigh = /^9*$/.test(high.slice(1));
  if (isAllLow && isAllHigh) return [`${digitClass(first, last)} [0-9]{${rest}}`];
  if (first === last) return digits(low.slice(1), high.slice(1)).map((one) => `"${first}" ${one}`);
  const result: string[] = [];
  let [from, to] = [Number(first), Number(last)];
  if (!isAllLow) {
    result.push(...digits(low.slice(1), "9".repeat(rest)).map((one) => `"${first}" ${one}`));
    from++;
  }
  if (!isAllHigh) to--;
  if (from <= to) result.push(`${digitClass(String(from), String(to))} [0-9]{${rest}}`);
  if (!isAllHigh) result.push(...digits("0".repeat(rest), high.slice(1)).map((one) => `"${last}" ${one}`));
  return result;
}

function digitClass(from: string, to: string): string {
  return from === to ? `"${from}"` : `[${from}-${to}]`;
}

/** Numbers that are not negative, from low to high. */
function positives(low: Bound, high: Bound | undefined): string[] {
  const [whole, fraction] = decimal(low.value);
  const anyFraction = `("." [0-9]{1,${MAX_FRACTION}})?`;
  const [wholeHigh, fractionHigh] = high === undefined ? [undefined, ""] : decimal(high.value);
  if (wholeHigh === whole) {
    return between(fraction, low.isExclusive, fractionHigh, high!.isExclusive).map((one) => `"${whole}" ${one}`);
  }
  const result = atLeast(fraction, low.isExclusive).map((one) => `"${whole}" ${one}`);
  const inner = naturals(whole + 1n, wholeHigh === undefined ? undefined : wholeHigh - 1n);
  result.push(...inner.map((one) => `${one} ${anyFraction}`));
  if (wholeHigh !== undefined)
    result.push(...atMost(fractionHigh, high!.isExclusive).map((one) => `"${wholeHigh}" ${one}`));
  return result;
}

/** What may follow the whole part: fractions of at least 0.f. */
function atLeast(f: string, isExclusive: boolean): string[] {
  if (f === "") return [isExclusive ? `"." ${someNonZero(0)}` : `("." [0-9]{1,${MAX_FRACTION}})?`];
  const result: string[] = [];
  for (let i = 0; i < f.length; i++) {
    const digit = Number(f[i]);
    if (digit < 9) result.push(`".${f.slice(0, i)}" ${digitClass(String(digit + 1), "9")} ${more(i + 1)}`);
  }
  result.push(`".${f}" ${isExclusive ? someNonZero(f.length) : more(f.length)}`);
  return result;
}

/** Fractions of at most 0.f. */
function atMost(f: string, isExclusive: boolean): string[] {
  if (f === "") return isExclusive ? [] : [`("." "0"{1,${MAX_FRACTION}})?`];
  const result = ['""'];
  for (let i = 0; i < f.length; i++) {
    const digit = Number(f[i]);
    if (i > 0) result.push(`".${f.slice(0, i)}"`);
    if (digit > 0) result.push(`".${f.slice(0, i)}" ${digitClass("0", String(digit - 1))} ${more(i + 1)}`);
  }
  if (!isExclusive) result.push(`".${f}" "0"{0,${MAX_FRACTION - f.length}}`);
  return result;
}

/** Fractions from 0.low to 0.high, written with at least as many digits as these have. */
function between(low: string, isLowExclusive: boolean, high: string, isHighExclusive: boolean): string[] {
  if (low === "" && !isLowExclusive) return atMost(high, isHighExclusive);
  const length = Math.max(low.length, high.length, 1);
  const [from, to] = [low.padEnd(length, "0"), high.padEnd(length, "0")];
  if (from === to) return isLowExclusive || isHighExclusive ? [] : [`".${low}"`];
  const result = [isLowExclusive ? `".${from}" ${someNonZero(length)}` : `".${from}" ${more(length)}`];
  const pad = (value: bigint): string => String(value).padStart(length, "0");
  const [first, last] = [BigInt(from) + 1n, BigInt(to) - 1n];
  if (first <= last) result.push(...digits(pad(first), pad(last)).map((one) => `"." ${one} ${more(length)}`));
  if (!isHighExclusive) result.push(`".${to}" "0"{0,${MAX_FRACTION - length}}`);
  return result;
}

/** Any digits, after so many. */
function more(numBefore: number): string {
  return `[0-9]{0,${MAX_FRACTION - numBefore}}`;
}

/** Digits that are not all zero. */
function someNonZero(numBefore: number): string {
  return `"0"{0,${MAX_FRACTION - numBefore - 1}} [1-9]`;
}

/** A number's whole part and the digits of its fraction, without zeros at the end. */
function decimal(value: number): [whole: bigint, fraction: string] {
  let text = String(value);
  if (text.includes("e")) text = value >= 1 ? String(BigInt(value)) : value.toFixed(MAX_FRACTION - 1);
  const [whole, fraction = ""] = text.split(".") as [string, string?];
  const digitsOf = fraction.replace(/0+$/, "");
  if (digitsOf.length >= MAX_FRACTION) throw new FormError(`the bound ${value} has too many digits`);
  return [BigInt(whole), digitsOf];
}
