import { describe, expect, it } from "vitest";
import { engineSchema } from "./engine-config.js";
import { KNOWN_ELSEWHERE } from "./known-flags.js";
import { NO_EFFECT_FLAGS, noteFor } from "./no-effect-flags.js";
import { optionFields } from "./option.js";
import { serverSchema } from "./server-config.js";

describe("flags without effect", () => {
  it("are no options, are listed once, and have a reason for values that would have an effect", () => {
    const own = new Set([...optionFields(engineSchema), ...optionFields(serverSchema)].flatMap(({ flags }) => flags));
    const flags = NO_EFFECT_FLAGS.map(({ flag }) => flag);
    expect(new Set(flags).size).toBe(flags.length);
    expect(flags.filter((flag) => own.has(flag))).toEqual([]);
    for (const { flag, values } of NO_EFFECT_FLAGS)
      if (Array.isArray(values)) expect(KNOWN_ELSEWHERE.has(flag), flag).toBe(true);
  });

  it("are taken for these values only", () => {
    expect(noteFor("enforce-eager", undefined)).toContain("no graph capture");
    expect(noteFor("enforce-eager", "x")).toBeUndefined();
    expect(noteFor("pipeline-parallel-size", "1")).toContain("one rank");
    expect(noteFor("pipeline-parallel-size", "2")).toBeUndefined();
    expect(noteFor("compilation-config", '{"level": 3}')).toBeDefined();
    expect(noteFor("compilation-config", undefined)).toBeUndefined();
    expect(noteFor("no-such-flag", undefined)).toBeUndefined();
  });
});
