/** The pages for everybody: keyboard alone, names and roles, contrast, narrow screens. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answered, browserPath, eventually, openBrowser, openTab, say, servePage } from "./browser.js";
import type { PageServer } from "./browser.js";

let browser: Browser;
let server: PageServer;

const answer =
  "Text with `code` and a [link](https://example.org).\n\n```js\nconst long = 'x'; // a line that is wider than a phone's screen, by far\n```\n\n| a | b | c |\n|---|---|---|\n| a wide cell of a table | another wide cell of a table | and one more |\n\nwordwithoutspaces".concat(
    "x".repeat(200),
  );

/** Pairs of the palette that stand on each other as text. */
const pairs = [
  ...["--paper", "--paper-deep", "--paper-high", "--accent-soft"].flatMap((ground) => [
    ["--ink", ground],
    ["--ink-soft", ground],
  ]),
  ...["--accent-ink:--accent", "--accent:--paper", "--accent:--accent-soft", "--problem:--problem-soft"].map((pair) =>
    pair.split(":"),
  ),
  ...["--problem:--paper-high", "--problem:--paper-deep", "--problem:--paper"].map((pair) => pair.split(":")),
  ...["comment", "keyword", "string", "number", "title", "type"].map((name) => [`--code-${name}`, "--code-paper"]),
  ["--ink", "--code-paper"],
  ["--ink-soft", "--code-paper"],
] as [string, string][];

/** Lines and marks, which need less: 3 to 1. */
const marks = [1, 2, 3, 4]
  .map((i) => [`--series-${i}`, "--paper-high"] as [string, string])
  .concat([["--line-strong", "--paper-high"]]);

/** What is wrong with the names, roles and structure of what is shown; by the rules that can be checked without judgement. */
function structureProblems(): string[] {
  const shown = (element: Element) => element.checkVisibility();
  const name = (element: Element): string => {
    const labelled = (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "");
    const label = element.id === "" ? null : document.querySelector(`label[for="${element.id}"]`);
    const own = element.matches("input, textarea, select") ? "" : element.textContent;
    return (
      [
        element.getAttribute("aria-label"),
        ...labelled,
        label?.textContent,
        element.closest("label")?.textContent,
        own,
      ].find((text) => text?.trim()) ?? ""
    );
  };
  const problems: string[] = [];
  const all = [...document.querySelectorAll("*")];
  const ids = all.map(({ id }) => id).filter((id) => id !== "");
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push(`id twice: ${id}`);
  for (const element of all.filter((one) =>
    one.matches(
      "button, a[href], input, textarea, select, summary, dialog, nav, aside, [role=region], [role=group], [role=img], svg[role]",
    ),
  )) {
    if (shown(element) && name(element) === "") problems.push(`without a name: ${element.outerHTML.slice(0, 120)}`);
  }
  for (const svg of document.querySelectorAll("svg")) {
    if (svg.getAttribute("aria-hidden") !== "true" && svg.getAttribute("role") !== "img")
      problems.push(`picture: ${svg.outerHTML.slice(0, 80)}`);
  }
  for (const element of all) {
    for (const attribute of ["aria-controls", "aria-describedby", "aria-labelledby", "for"]) {
      const id = element.getAttribute(attribute);
      if (id !== null && document.getElementById(id) === null) problems.push(`${attribute} of nothing: ${id}`);
    }
    const index = element.getAttribute("tabindex");
    if (index !== null && Number(index) > 0) problems.push(`tabindex ${index}`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(shown)
    .map(({ tagName }) => Number(tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) problems.push(`h1: ${levels.join()}`);
  if (document.documentElement.lang !== "en") problems.push("no language");
  if (document.querySelectorAll("main").length !== 1) problems.push("not one main");
  return problems;
}

describe.skipIf(browserPath === undefined)("for everybody", () => {
  beforeAll(async () => {
    browser = await openBrowser();
    server = await servePage();
    server.engine.reply = () => [answer];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("has names and roles on both pages, in every state", async () => {
    const { page } = await openTab(browser, server.url);
    expect(await page.evaluate(structureProblems)).toEqual([]);
    await say(page, "hello");
    await answered(page);
    await page.keyboard.press("Alt+KeyS");
    await page.getByText("Tools and more").click();
    expect(await page.evaluate(structureProblems)).toEqual([]);
    await page.goto(`${server.url}/dashboard`);
    await page.locator(".tile").first().waitFor();
    expect(await page.evaluate(structureProblems)).toEqual([]);
    await page.context().close();
  });

  it("can be used by keyboard alone", async () => {
    const { page } = await openTab(browser, server.url);
    await eventually(() => focused(page)).toBe("Write a message");
    await page.keyboard.type("hello");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("there");
    await page.keyboard.press("Enter");
    await answered(page);
    expect(await focused(page)).toBe("Write a message");
    await page.keyboard.press("Alt+ArrowUp");
    expect(await focused(page)).toBe("Answer");
    await page.keyboard.press("Alt+ArrowUp");
    expect(await focused(page)).toBe("You");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Edit message");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Edit message");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog", { name: "Keys" }).isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+KeyM");
    expect(await focused(page)).toBe("Write a message");
    // A question mark in a text is a question mark.
    await page.keyboard.type("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.context().close();
  });

  it("says little to screen readers: a beginning and an end", async () => {
    const { page } = await openTab(browser, server.url);
    await page.evaluate(() => {
      const said: string[] = [];
      (window as unknown as { said: string[] }).said = said;
      const live = document.querySelector("#announcer")!;
      new MutationObserver(() => said.push(live.textContent!)).observe(live, { childList: true, characterData: true });
    });
    server.engine.reply = () => Array.from({ length: 50 }, (_, i) => `word${i} `);
    server.engine.stepMs = 3;
    await say(page, "hello");
    await answered(page);
    server.engine.reply = () => [answer];
    server.engine.stepMs = 0;
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said[0]).toBe("The model answers");
    expect(said.length).toBe(2);
    expect(said[1]).toContain("word0 word1");
    expect(await page.locator("[aria-live]:not(#announcer), [role=log]").count()).toBe(0);
    await page.context().close();
  });

  it("has contrast enough in its palette, light and dark", async () => {
    const { page } = await openTab(browser, server.url);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const ratios = await page.evaluate(contrasts, [...pairs, ...marks]);
      for (const [i, ratio] of ratios.entries()) {
        const [ink, ground] = [...pairs, ...marks][i]!;
        expect(ratio, `${colorScheme}: ${ink} on ${ground}`).toBeGreaterThanOrEqual(i < pairs.length ? 4.5 : 3);
      }
    }
    await page.context().close();
  });

  it("chooses dark or light by the button, against the system, and keeps it", async () => {
    const { page } = await openTab(browser, server.url, { colorScheme: "light" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "Colours: as the system has them" }).click();
    await page.getByRole("button", { name: "Colours: light" }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: "Colours: dark" }).waitFor();
    expect(await ground()).toBe(dark);
    await page.goto(`${server.url}/dashboard`);
    await page.getByRole("button", { name: "Colours: dark" }).waitFor();
    await page.context().close();
  });

  it.each([320, 390])("fits a screen of %i pixels", async (width) => {
    const { page, problems } = await openTab(browser, server.url, { viewport: { width, height: 700 }, hasTouch: true });
    const tooWide = () =>
      page.evaluate(() => {
        const over = document.documentElement.scrollWidth - innerWidth;
        const scroller = document.querySelector("#scroller");
        return Math.max(over, scroller === null ? 0 : scroller.scrollWidth - scroller.clientWidth);
      });
    expect(await tooWide()).toBeLessThanOrEqual(0);
    await say(page, `hello ${"y".repeat(300)}`);
    await answered(page);
    expect(await tooWide()).toBeLessThanOrEqual(0);
    for (const [name, panel] of [
      ["List of conversations", "#sidebar"],
      ["Settings", "#settings"],
    ] as const) {
      await page.getByRole("button", { name, exact: true }).click();
      expect(await page.locator(panel).isVisible()).toBe(true);
      expect(await tooWide()).toBeLessThanOrEqual(0);
      await page.keyboard.press("Escape");
      expect(await page.locator(panel).isVisible()).toBe(false);
    }
    await page.goto(`${server.url}/dashboard`);
    await page.locator(".tile").first().waitFor();
    expect(await tooWide()).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

/** Name of what has the focus. */
function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? undefined);
}

/** Contrast ratios of WCAG 2, section 1.4.3, of pairs of custom properties. */
function contrasts(wanted: readonly (readonly [string, string])[]): number[] {
  const probe = document.createElement("span");
  document.body.append(probe);
  const luminance = (name: string): number => {
    probe.style.color = `var(${name})`;
    const parts = getComputedStyle(probe)
      .color.match(/[\d.]+/g)!
      .slice(0, 3)
      .map((value) => Number(value) / 255);
    const [r, g, b] = parts.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const ratios = wanted.map(([ink, ground]) => {
    const [a, b] = [luminance(ink), luminance(ground)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
  probe.remove();
  return ratios;
}
