/** `npm start -- --prompt "…" --once`: the answer alone on standard output, standard input closed, exit code 0. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";

test.skipIf(!existsSync("dist/cli/main.js"))(
  "npm start speaks once",
  () => {
    const args = ["start", "--", "--prompt", "Who are you?", "--once"];
    const { stdout, stderr, status } = spawnSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    expect(stdout, stderr).toBe("I am the little demo model of Quire.\n");
    expect(status).toBe(0);
  },
  120_000,
);
