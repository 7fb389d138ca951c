import { readFileSync } from "node:fs";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { engineSchema } from "./engine-config.js";
import { flagsPage, showDefault } from "./flags-page.js";
import { KNOWN_ELSEWHERE } from "./known-flags.js";
import { optionFields } from "./option.js";
import { serverSchema } from "./server-config.js";

const fields = [...optionFields(engineSchema), ...optionFields(serverSchema)];

describe("descriptions", () => {
  it.each([
    ["engine-config.ts", engineSchema],
    ["server-config.ts", serverSchema],
  ] as const)("stand in %s as comments too, where editors find them", (file, schema) => {
    const source = readFileSync(new URL(file, import.meta.url), "utf8").replace(/\s+/g, " ");
    for (const { name, description } of optionFields(schema))
      expect(source).toContain(`/** ${description.replace(/\s+/g, " ")} */ ${name}: option(`);
  });
});

describe("flags", () => {
  it("are told in docs/flags.md (npx vitest run src/config -u writes it)", async () => {
    const page = await format(flagsPage(), { parser: "markdown", printWidth: 120 });
    await expect(page).toMatchFileSnapshot("../../docs/flags.md");
  });

  it("have a description of their own", () => {
    const descriptions = fields.map(({ description }) => description);
    expect(descriptions.filter((text, i) => descriptions.indexOf(text) !== i)).toEqual([]);
  });

  it("are each one option's own", () => {
    const flags = fields.flatMap((field) => [
      ...field.flags,
      ...(field.short === undefined ? [] : [`-${field.short}`]),
    ]);
    expect(new Set(flags).size).toBe(flags.length);
    expect(flags.filter((flag) => KNOWN_ELSEWHERE.has(flag))).toEqual([]);
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
  });

  it("have a description that ends in a full stop, and say what they take", () => {
    for (const field of fields) {
      expect(field.description, field.name).toMatch(/\.$/);
      expect(field.expected, field.name).toMatch(/./);
      expect(showDefault(field), field.name).not.toMatch(/undefined|\[object/);
      if (field.kind === "choice") expect(field.choices.length, field.name).toBeGreaterThan(1);
    }
  });

  it("of vLLM that Quire lacks have reasons", () => {
    expect(KNOWN_ELSEWHERE.size).toBeGreaterThan(200);
    expect(KNOWN_ELSEWHERE.get("enable-lora")).toContain("LoRA");
    for (const [flag, reason] of KNOWN_ELSEWHERE) expect(`${flag}: ${reason}`).toMatch(/^[a-z0-9-]+: .{10,}/);
  });
});
