import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { runLoad } from "./load.js";

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A server that streams `pieces` and a count of tokens. */
async function serverOf(pieces: readonly string[], count: number): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      for (const text of pieces) response.write(`data: ${JSON.stringify({ choices: [{ text }] })}\n\n`);
      response.end(`data: ${JSON.stringify({ choices: [], usage: { completion_tokens: count } })}\n\ndata: [DONE]\n\n`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const load = { requests: 5, concurrency: 2, promptTokens: 8, newTokens: 3, salt: 1 };

test("measures every request", async () => {
  const { rate, ttft, itl } = await runLoad(await serverOf(["a", "b", "c"], 3), "model", load);
  expect(rate).toBeGreaterThan(0);
  expect(ttft).toBeGreaterThan(0);
  expect(itl).toBeGreaterThanOrEqual(0);
});

test("refuses a server that is not there", async () => {
  await expect(runLoad("http://127.0.0.1:1", "model", load)).rejects.toThrow("0 of 5 requests");
});

test("refuses answers of another length", async () => {
  await expect(runLoad(await serverOf(["a", "b"], 2), "model", load)).rejects.toThrow(
    "asked for 15 tokens in all, got 10",
  );
});
