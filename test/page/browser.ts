/** Headless Chromium for the tests of the page, and a server for it to look at. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { parseServerConfig } from "../../src/config/server-config.js";
import type { ServerOptions } from "../../src/config/server-config.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { ScriptedEngine } from "./scripted-engine.js";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of the browser; undefined, and a line that says so, where there is none. */
export const browserPath = places.find((path) => existsSync(path));
if (browserPath === undefined) console.log(`skipped: the page's tests need Chromium (${places.join(", ")})`);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath!,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
    ],
  });
}

export interface PageServer extends RunningServer {
  readonly engine: ScriptedEngine;
}

export async function servePage(options: ServerOptions = {}): Promise<PageServer> {
  const engine = new ScriptedEngine();
  const config = parseServerConfig({ port: 0, ...options }, {});
  const server = await startServer(engine, config, { log: () => {}, version: "1.2.3" });
  return Object.assign(server, { engine });
}

/** A page, and what went wrong in it: errors of scripts and offences against the content policy. */
export interface Tab {
  readonly page: Page;
  readonly problems: string[];
}

/** Opens an address in a browser profile of its own. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const isRefusal = message.text().startsWith("Failed to load resource: the server responded with a status of");
    if (message.type() === "error" && !isRefusal) problems.push(message.text());
  });
  await page.exposeFunction("noteViolation", (text: string) => problems.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const note = (window as unknown as { noteViolation: (text: string) => void }).noteViolation;
      note(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  await page.goto(url);
  // The load event does not wait for the scripts to have begun.
  await page.locator("#send-button .icon, .range button[aria-pressed]").first().waitFor({ state: "attached" });
  return { page, problems };
}

/** Writes a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Write a message" }).fill(text);
  await page.keyboard.press("Enter");
}

/** Waits until no answer is under way. */
export async function answered(page: Page): Promise<void> {
  await page.locator(".turn.assistant[aria-busy=false]").last().waitFor();
  await page.locator(".turn.assistant[aria-busy=true]").waitFor({ state: "detached" });
}

/** `expect.poll` with patience for a machine that is busy. */
export function eventually<Value>(look: () => Promise<Value> | Value) {
  return expect.poll(look, { timeout: 10_000 });
}
