import { expect, test } from "vitest";
import { asksForHelp, tokenizerFolder } from "./early-start.js";

test.each([
  ["generate /m --prompt hi", "/m"],
  ["generate --model /m", "/m"],
  ["generate --model=/a --model=/m", "/m"],
  ["chat /m --tokenizer /t", "/t"],
  ["chat /m --tokenizer=/t --seed 1", "/t"],
  ["generate --prompt hi /m", undefined],
  ["generate /m --skip-tokenizer-init", undefined],
  ["generate", undefined],
])("%s: the tokenizer is looked for in %s", (line, folder) => {
  expect(tokenizerFolder(line.split(" "))).toBe(folder);
});

test("help needs nothing to be loaded", () => {
  for (const line of ["generate -h", "generate --help", "serve /m --help=all"])
    expect(asksForHelp(line.split(" "))).toBe(true);
  expect(asksForHelp(["generate", "/m", "--prompt", "help"])).toBe(false);
});
