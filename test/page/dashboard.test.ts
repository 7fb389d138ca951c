/** The dashboard in Chromium: a request while it runs and after it ended; figures; a key; an engine that is gone. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { browserPath, eventually, openBrowser, openTab, servePage } from "./browser.js";
import type { PageServer } from "./browser.js";

let browser: Browser;
let server: PageServer;

const body = JSON.stringify({ messages: [{ role: "user", content: "x" }], stream: true });
const headers = { "Content-Type": "application/json", Authorization: "Bearer key" };
const ask = async () => {
  const response = await fetch(`${server.url}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
};

/** Value of the tile with this label. */
const tile = (page: Page, label: string) =>
  page
    .locator(".tile")
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator("b")
    .innerText();

describe.skipIf(browserPath === undefined)("the dashboard", () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(() => server.close());

  it("shows a request while it runs, and when it has ended", async () => {
    server = await servePage();
    const { engine } = server;
    engine.reply = () => Array.from({ length: 300 }, () => "w ");
    const { page, problems } = await openTab(browser, `${server.url}/dashboard`);
    await ask();
    engine.stepMs = 50;
    const open = ask();
    const rows = page.locator("#timeline-rows tr");
    await eventually(() => rows.count()).toBe(2);
    await eventually(() => rows.first().innerText()).toMatch(/running/);
    expect(await tile(page, "Running")).toBe("1");
    expect(await tile(page, "Requests")).toBe("2");
    expect(await tile(page, "First token")).toMatch(/m?s \/ .*m?s/);
    await eventually(async () => Number(await tile(page, "Generating"))).toBeGreaterThan(1);
    expect(await rows.last().locator("svg").getAttribute("aria-label")).toMatch(/^queued .*, prefill .*, decode /);
    expect(await rows.last().locator("rect.decode").count()).toBe(1);
    engine.stepMs = 0;
    await open;
    await eventually(() => rows.first().innerText()).toMatch(/stop/);
    await eventually(() => tile(page, "Running")).toBe("0");
    const throughput = page.getByRole("img", { name: /^Throughput/ });
    expect(await throughput.getAttribute("aria-label")).toMatch(/generated: latest .*, highest [1-9]/);
    await page.getByRole("button", { name: "15 min" }).click();
    await page.getByText("15 min ago").first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("asks for the key, and stops asking while paused", async () => {
    server = await servePage({ apiKey: ["key"] });
    const { page } = await openTab(browser, `${server.url}/dashboard`);
    await page.getByRole("textbox", { name: "API key" }).fill("key");
    await page.keyboard.press("Enter");
    await page.locator(".tile").first().waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForTimeout(100);
    let count = 0;
    page.on("request", () => count++);
    await page.waitForTimeout(1300);
    expect(count).toBe(0);
    await page.context().close();
  });

  it("says that the engine does not respond, and that the server is gone", async () => {
    server = await servePage();
    const { page } = await openTab(browser, `${server.url}/dashboard`);
    await page.locator(".tile").first().waitFor();
    server.engine.isStuck = true;
    await page.getByText("The engine does not respond.").waitFor();
    await server.close();
    await page.getByText("The server was not reached.").waitFor();
    await page.context().close();
  });
});
