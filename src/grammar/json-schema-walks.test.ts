/** Random walks through the grammars of random schemas: what comes out always validates. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isValid } from "../../test/support/json-schema-validator.js";
import { Compiler } from "./compiler.js";
import { jsonSchemaGrammar } from "./json-schema.js";

const leaf = fc.oneof(
  fc.record({
    type: fc.constant("integer"),
    minimum: fc.integer({ min: -50, max: 20 }),
    maximum: fc.integer({ min: 20, max: 3000 }),
  }),
  fc.record({
    type: fc.constant("number"),
    exclusiveMinimum: fc.constantFrom(-2.5, 0, 0.125),
    maximum: fc.constantFrom(0.5, 3, 17.25),
  }),
  fc.record({ type: fc.constant("string"), minLength: fc.nat(2), maxLength: fc.integer({ min: 2, max: 6 }) }),
  fc.constantFrom<object>(
    { type: "boolean" },
    { type: ["null", "integer"] },
    { const: 'x"y' },
    { type: "string", pattern: "^[a-c]{1,3}$" },
    { type: "object" },
    {},
  ),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom("a", 1, null, "ü\n"), { minLength: 1 }) }),
);
const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.nat(2),
      maxItems: fc.integer({ min: 2, max: 3 }),
    }),
    fc.record({ type: fc.constant("array"), prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom("a", "ab", "b", "é", "a b", ""), tie("schema"), { maxKeys: 4 }),
        fc.boolean(),
        fc.nat(3),
      )
      .map(([properties, isOpen, numRequired]) => ({
        type: "object",
        properties,
        required: Object.keys(properties).filter((_, i) => (i + numRequired) % 2 === 0),
        ...(isOpen ? { additionalProperties: { type: "boolean" } } : {}),
      })),
  ),
}));

/** Bytes that end something, which a walk prefers, so that it comes to an end. */
const ENDS = [...'"]}'].map((character) => character.charCodeAt(0));

/** Undefined where the walk did not end in so many bytes. */
async function walk(compiler: Compiler, random: () => number): Promise<string | undefined> {
  const matcher = await compiler.matcher(0);
  const bytes: number[] = [];
  try {
    for (; bytes.length < 400;) {
      const mask = await matcher.getNextTokenBitmask();
      const has = (id: number): boolean => ((mask[id >> 5]! >>> (id & 31)) & 1) === 1;
      const all = Array.from({ length: 256 }, (_, id) => id).filter(has);
      // Random bytes beyond ASCII are no UTF-8.
      const ascii = all.filter((id) => id < 128);
      const open = ascii.length > 0 ? ascii : all;
      if (has(256) && (open.length === 0 || random() < 0.5)) return Buffer.from(bytes).toString("utf8");
      const ends = open.filter((byte) => ENDS.includes(byte));
      const from = ends.length > 0 && random() < 0.3 ? ends : open;
      const byte = from[Math.floor(random() * from.length)]!;
      expect(matcher.acceptToken(byte)).toBe(true);
      bytes.push(byte);
    }
    return undefined;
  } finally {
    matcher.dispose();
  }
}

it("only gives what the schema takes", async () => {
  let numTexts = 0;
  await fc.assert(
    fc.asyncProperty(
      schema,
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      async (json, stream) => {
        const random = (): number => stream.next().value as number;
        const compiler = await Compiler.forChecks();
        await compiler.compile(0, {
          kind: "ebnf",
          text: jsonSchemaGrammar(JSON.stringify(json), { anyWhitespace: true }),
        });
        for (let i = 0; i < 5; i++) {
          const text = await walk(compiler, random);
          if (text === undefined) continue;
          numTexts++;
          let value: unknown;
          expect(() => (value = JSON.parse(text)), text).not.toThrow();
          expect([text, isValid(json, value)]).toEqual([text, true]);
        }
      },
    ),
    { numRuns: 80 },
  );
  expect(numTexts).toBeGreaterThan(150);
}, 60_000);
