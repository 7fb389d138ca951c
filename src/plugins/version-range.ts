/** Whether a version is in a range of npm's: `^1.2.0`, `~0.3`, `>=1 <3`, `1.x || 2`, `1.2 - 1.4`. For peer dependencies. */

type Version = readonly [major: number, minor: number, patch: number];

/**
 * True too for ranges that are no versions (`latest`, `file:…`, `workspace:*`): they say nothing about this one. What stands
 * behind a `-` or `+` (`0.2.0-beta.1`) is left out of the comparison.
 */
export function isInRange(version: string, range: string): boolean {
  const parsed = parse(version);
  if (parsed === undefined || /^[a-z]+:|^[a-z-]+$|\//i.test(range.trim())) return true;
  return range.split("||").some((part) => bounds(part.trim()).every((bound) => holds(parsed, bound)));
}

interface Bound {
  /** At least, or below. */
  readonly isLower: boolean;
  readonly version: Version;
}

/** The bounds that all must hold; none: anything fits. */
function bounds(part: string): Bound[] {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(part);
  if (hyphen) return [...comparator(`>=${hyphen[1]}`), ...comparator(`<=${hyphen[2]}`)];
  const words = part.replace(/([<>=^~]+)\s+/g, "$1").split(/\s+/);
  return words.filter((word) => word !== "").flatMap(comparator);
}

function comparator(word: string): Bound[] {
  const [, operator, rest] = /^([<>=^~]*)v?(.*)$/.exec(word)!;
  const given = rest!
    .replace(/[-+].*$/, "")
    .split(".")
    .filter((digits) => !/^[x*]?$/i.test(digits))
    .map(Number);
  if (given.length === 0 || given.some((number) => !Number.isInteger(number))) return [];
  const [major, minor = 0, patch = 0] = given as [number, number?, number?];
  const from: Version = [major, minor, patch];
  /** The first version after all those that the given numbers begin. */
  const after: Version =
    given.length === 1 ? [major + 1, 0, 0] : given.length === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
  if (operator === ">=") return [{ isLower: true, version: from }];
  if (operator === ">") return [{ isLower: true, version: after }];
  if (operator === "<") return [{ isLower: false, version: from }];
  if (operator === "<=") return [{ isLower: false, version: after }];
  const below: Version =
    operator === "^" ? belowCaret(given, after) : operator === "~" && given.length > 1 ? [major, minor + 1, 0] : after;
  return [
    { isLower: true, version: from },
    { isLower: false, version: below },
  ];
}

/** ^: up to the next change of the first number that is not 0. */
function belowCaret(given: readonly number[], after: Version): Version {
  const [major, minor = 0] = given as [number, number?];
  if (major > 0) return [major + 1, 0, 0];
  return given.length > 1 && minor > 0 ? [0, minor + 1, 0] : after;
}

function holds(version: Version, bound: Bound): boolean {
  const i = [0, 1, 2].find((index) => version[index] !== bound.version[index]);
  const order = i === undefined ? 0 : version[i]! - bound.version[i]!;
  return bound.isLower ? order >= 0 : order < 0;
}

function parse(version: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
