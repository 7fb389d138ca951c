import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Packages in examples/ import `quirelm/layers`; in tests that is src/layers/index.ts. */
const source = fileURLToPath(new URL("./src", import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^quirelm$/, replacement: `${source}/index.ts` },
      { find: /^quirelm\/(models|layers|ops|server)$/, replacement: `${source}/$1/index.ts` },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
