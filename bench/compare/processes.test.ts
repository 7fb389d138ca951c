import { expect, test } from "vitest";
import { Driver } from "./driver.js";
import { Subprocess } from "./processes.js";

const node = (code: string): [string, string[]] => [process.execPath, ["-e", code]];

test("output, and errors with the last lines", async () => {
  expect(await new Subprocess(...node("console.log(1 + 1)")).output(10_000)).toBe("2\n");
  const broken = new Subprocess(...node("console.error('no model'); process.exit(3)"));
  await expect(broken.output(10_000)).rejects.toThrow(/exit: 3[^]*no model/);
  await expect(new Subprocess("/no/such/program", []).output(10_000)).rejects.toThrow("ENOENT");
  await expect(new Subprocess(...node("setInterval(() => {}, 1000)")).output(300)).rejects.toThrow("longer than 0.3 s");
});

const driver = (body: string): [string, string[]] =>
  node(`console.log("noise"); console.log(JSON.stringify({ ready: { version: "1", seconds: 2 } }));
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => { ${body} });`);

test("a driver answers line by line, and its end is an error", async () => {
  const request = { batch: 1, context: 1, tokens: 1, salt: 7 };
  const echo = await Driver.start(...driver("console.log(JSON.stringify({ times: [[JSON.parse(line).salt]] }))"));
  expect(echo.ready).toEqual({ version: "1", seconds: 2 });
  expect((await echo.ask(request)).times).toEqual([[7]]);
  await echo.close();
  const failing = await Driver.start(...driver("console.log(JSON.stringify({ error: 'too long' }))"));
  await expect(failing.ask(request)).rejects.toThrow("too long");
  await failing.close();
  const dying = await Driver.start(...driver("process.exit(1)"));
  await expect(dying.ask(request)).rejects.toThrow("ended");
  await expect(Driver.start(...node("console.error('no memory')"))).rejects.toThrow("no memory");
}, 60_000);
