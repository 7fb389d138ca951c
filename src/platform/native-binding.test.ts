/** Which addons are taken: never one that was built from other sources. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../util/package-root.js";
import { loadNativeBinding, nativeBindingPath, tryLoadNativeBinding } from "./native-binding.js";
import { contractOf, expectedContract } from "./native-contract.js";

const scratch = mkdtempSync(join(tmpdir(), "quire-addon-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function addon(name: string, exported: object): string {
  const path = join(scratch, `${name}.cjs`);
  writeFileSync(path, `module.exports = ${JSON.stringify(exported)};`);
  return path;
}

test("an addon from other sources is refused, with what to do", () => {
  const [old, other] = [addon("old", {}), addon("other", { contract: "0".repeat(64) })];
  expect(tryLoadNativeBinding(old)).toMatchObject({ binding: undefined, reason: "stale" });
  expect(() => loadNativeBinding(old)).toThrow(
    /old\.cjs is older than this Quire .*build it again: node scripts\/build\.mjs$/,
  );
  expect(() => loadNativeBinding(other)).toThrow(/other\.cjs was built from other sources than this Quire/);
  const same = addon("same", { contract: expectedContract() });
  expect(tryLoadNativeBinding(same)).toMatchObject({ binding: { contract: contractOf(packageRoot) } });
});

test.skipIf(!existsSync(nativeBindingPath))("the one that was built is taken", () => {
  expect(loadNativeBinding().contract).toMatch(/^[0-9a-f]{64}$/);
});
