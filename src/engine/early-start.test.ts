import { expect, test } from "vitest";
import { tokenizerFolder } from "./early-start.js";

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
