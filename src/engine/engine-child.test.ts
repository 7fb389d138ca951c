import { expect, test } from "vitest";
import { childExecArgv } from "./engine-child.js";

test("node's own flags go to the process too, but not what concerns this one alone", () => {
  expect(childExecArgv(["--max-old-space-size=64", "-e", "code()", "--inspect=0", "--import", "x"], "a.js")).toEqual([
    "--max-old-space-size=64",
    "--import",
    "x",
  ]);
  expect(childExecArgv(["--print", "1", "--watch", "--watch-path=.", "--input-type=module", "-i"], "a.js")).toEqual([]);
  expect(childExecArgv(["--eval=code", "--inspect-brk", "--test"], "a.js")).toEqual([]);
});

test("sources need tsx, once", () => {
  expect(childExecArgv([], "a.ts")).toEqual(["--import", expect.stringMatching(/^file:.*tsx/)]);
  expect(childExecArgv(["--import", "tsx"], "a.ts")).toEqual(["--import", "tsx"]);
  const loader = ["--require", "/x/tsx/dist/preflight.cjs", "--import", "file:///x/tsx/dist/loader.mjs"];
  expect(childExecArgv(loader, "a.ts")).toEqual(loader);
});
