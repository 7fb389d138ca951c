import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StopStringChecker } from "./stop-strings.js";

/** [stop, truncateTo] with `newText` as the unchecked end of `text`. */
function check(text: string, newText: string, stops: string[], includeStop = false): [string, number] | undefined {
  const match = new StopStringChecker(stops, { includeStop }).check(text, newText.length);
  return match && [match.stop, match.truncateTo];
}

describe("which stop string wins", () => {
  const text = " The user is a";

  it.each([[["a", "is"]], [["is", "a"]]])("the one that is complete first, in either order: %j", (stops) => {
    expect(check(text, " is a", stops)).toEqual(["is", 10]);
    expect(check(text, " is a", stops, true)).toEqual(["is", 12]);
  });

  it("completion counts, not the beginning", () => {
    expect(check("abc", "abc", ["abc", "b"])).toEqual(["b", 1]);
  });

  it("of two complete at once the first in the list", () => {
    expect(check("ab", "ab", ["ab", "b"])).toEqual(["ab", 0]);
    expect(check("ab", "ab", ["b", "ab"])).toEqual(["b", 1]);
  });

  it("at the very end nothing is cut if it is included", () => {
    expect(check("hello stop", "stop", ["stop"], true)).toEqual(["stop", -1]);
    expect(check("hello stop", "stop", ["stop"])).toEqual(["stop", 6]);
  });
});

describe("the window", () => {
  it("reaches back for a stop string that began in old text", () => {
    expect(check("one two", "o", ["two"])).toEqual(["two", 4]);
  });

  it("leaves out what was complete before", () => {
    expect(check("stop here", "here", ["stop"])).toBeUndefined();
    expect(check("stop stop", "p", ["stop"])).toEqual(["stop", 5]);
  });

  it("no new text, no stop strings, empty stop strings: no match", () => {
    expect(check("stop", "", ["stop"])).toBeUndefined();
    expect(check("stop", "stop", [])).toBeUndefined();
    expect(check("stop", "stop", [""])).toBeUndefined();
  });

  it("agrees with a search of the whole text, wherever it is cut into steps", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 10 }),
        fc.array(letters, { maxLength: 3 }),
        (steps, stops) => {
          const whole = steps.join("");
          const ends = stops.filter((stop) => whole.includes(stop)).map((stop) => whole.indexOf(stop) + stop.length);
          const checker = new StopStringChecker(stops);
          let text = "";
          let found: string | undefined;
          for (const step of steps) {
            text += step;
            const match = checker.check(text, step.length);
            if (match === undefined) continue;
            found = text.slice(0, match.truncateTo) + match.stop;
            break;
          }
          expect(found).toBe(ends.length === 0 ? undefined : whole.slice(0, Math.min(...ends)));
        },
      ),
    );
  });
});

it("holds back one character less than the longest, nothing if included", () => {
  expect(new StopStringChecker(["ab", "abcd"]).holdBack).toBe(3);
  expect(new StopStringChecker(["ab"], { includeStop: true }).holdBack).toBe(0);
  expect(new StopStringChecker([]).holdBack).toBe(0);
});
