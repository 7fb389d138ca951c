/** `npm test`: installs, builds, runs every test, and closes with the line `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, install } from "./build.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (!install() || !(await build())) process.exit(1);
const report = join(tmpdir(), `quire-tests-${process.pid}.json`);
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = [
  vitest,
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile=${report}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
try {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const failed = numFailedTests || (status === 0 ? 0 : Math.max(1, numFailedTestSuites));
  console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests ? `, ${numPendingTests} skipped` : ""}`);
} catch {
  console.log("0 passed, 1 failed");
}
rmSync(report, { force: true });
process.exit(status ?? 1);
