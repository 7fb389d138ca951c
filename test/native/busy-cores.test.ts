/** More compute threads than processors: kernels follow each other without waiting for threads that do not run. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";

const hasTaskset = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** Runs 4,000 small kernels in one program on 8 threads, and prints the milliseconds. */
const script = `
  import { openCpuPlatform } from ${JSON.stringify(new URL("../../src/platform/cpu/cpu-platform.ts", import.meta.url).href)};
  import { createStorage, Tensor } from ${JSON.stringify(new URL("../../src/tensor/tensor.ts", import.meta.url).href)};
  const platform = openCpuPlatform({ threads: 8 });
  const place = (kind) => createStorage(kind, 4096, "x", kind === "external" ? platform.allocate(4096, "x") : undefined);
  const input = new Tensor(place("external"), [16, 64], "f32");
  let sum = input;
  const records = Array.from({ length: 4000 }, () => {
    const output = new Tensor(place("step"), [16, 64], "f32");
    const record = { op: "add", inputs: [sum, input], outputs: [output], attributes: {}, scope: "x" };
    sum = output;
    return record;
  });
  const program = platform.compile({ label: "additions", records });
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await platform.run([program]);
    best = Math.min(best, performance.now() - start);
  }
  console.log(best);
  platform.dispose();`;

// A barrier over all threads would wait for seven sleepers 4,000 times: tens of seconds on one processor.
test.skipIf(!hasTaskset || !tryLoadNativeBinding().binding)("8 threads on one processor", () => {
  const command = [process.execPath, "--import", "tsx", "--input-type=module", "-e", script];
  const child = spawnSync("taskset", ["-c", "0", ...command], { timeout: 60_000 });
  expect(child.stderr.toString()).not.toMatch(/Error/);
  expect(child.status).toBe(0);
  expect(Number(child.stdout)).toBeGreaterThan(0);
  expect(Number(child.stdout)).toBeLessThan(1500);
});
