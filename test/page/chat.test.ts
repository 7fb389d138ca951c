/** The chat page in Chromium: what people do with it. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { answered, browserPath, eventually, openBrowser, openTab, say, servePage } from "./browser.js";
import type { PageServer } from "./browser.js";
import { failure } from "./scripted-engine.js";

let browser: Browser;
let server: PageServer;
/** Problems of all tabs of a test. */
let problems: string[][] = [];

const open = async (path = "/", options: object = {}): Promise<Page> => {
  const tab = await openTab(browser, server.url + path, options);
  problems.push(tab.problems);
  return tab.page;
};

/** Texts of the turns, in order. */
const turns = (page: Page) => page.locator(".turn > :is(.turn-body, .markdown, .completion)").allInnerTexts();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe.skipIf(browserPath === undefined)("the chat page", () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await server.close();
    expect(problems.flat()).toEqual([]);
    problems = [];
  });

  it("sends, streams, and tells figures; sends the whole conversation the next time", async () => {
    server = await servePage();
    server.engine.reply = () => ["One ", "**two** ", "three"];
    const page = await open();
    await say(page, "Count");
    await answered(page);
    expect(await turns(page)).toEqual(["Count", "One two three"]);
    expect(await page.locator(".markdown strong").innerText()).toBe("two");
    expect(await page.locator(".figures").innerText()).toMatch(
      /^3 tokens · [\d.,]+ tokens\/s · first token after [\d.]+ m?s · prompt \d+ tokens$/,
    );
    await say(page, "Again");
    await answered(page);
    expect(server.engine.rendered.at(-1)!.messages.map(({ role, content }) => `${role}: ${String(content)}`)).toEqual([
      "user: Count",
      "assistant: One **two** three",
      "user: Again",
    ]);
    expect(await page.getByRole("status").innerText()).toContain("One **two** three");
  });

  it("stops, keeps what came, and goes on from there", async () => {
    server = await servePage();
    server.engine.reply = () => Array.from({ length: 500 }, (_, i) => `w${i} `);
    server.engine.stepMs = 10;
    const page = await open();
    await say(page, "Talk");
    await page.locator(".markdown", { hasText: "w3" }).waitFor();
    await page.keyboard.press("Escape");
    await answered(page);
    await eventually(() => server.engine.calls[0]!.ended).toBe("aborted");
    expect(await page.locator(".figures").innerText()).toContain("stopped");
    const [, before] = await turns(page);
    server.engine.reply = () => ["and the end"];
    await button(page, "Continue answer").click();
    await answered(page);
    expect((await turns(page))[1]).toBe(`${before!.trimEnd()} and the end`);
    expect(server.engine.rendered.at(-1)!.options).toMatchObject({
      continueFinalMessage: true,
      addGenerationPrompt: false,
    });
  });

  it("regenerates and edits, and keeps every version", async () => {
    server = await servePage();
    let count = 0;
    server.engine.reply = () => [`answer ${++count}`];
    const page = await open();
    await say(page, "first question");
    await answered(page);
    await button(page, "Regenerate answer").click();
    await page.locator(".markdown", { hasText: "answer 2" }).waitFor();
    await button(page, "Previous version of this answer").click();
    expect(await turns(page)).toEqual(["first question", "answer 1"]);
    await button(page, "Edit message").click();
    await page.getByRole("textbox", { name: "Edit message" }).fill("better question");
    await page.keyboard.press("Enter");
    await page.locator(".markdown", { hasText: "answer 3" }).waitFor();
    expect(await turns(page)).toEqual(["better question", "answer 3"]);
    await button(page, "Previous version of this message").click();
    expect(await turns(page)).toEqual(["first question", "answer 1"]);
    expect(await page.getByRole("group", { name: "Versions of this answer" }).innerText()).toContain("1 of 2");
  });

  it("keeps conversations over a reload, searches, renames and deletes them", async () => {
    server = await servePage();
    const page = await open();
    await say(page, "about apples");
    await answered(page);
    await page.keyboard.press("Alt+KeyN");
    await say(page, "about pears");
    await answered(page);
    await page.waitForTimeout(100);
    await page.reload();
    await page.getByText("You said: u:about pears").waitFor();
    const list = page.getByRole("list", { name: "Conversations" });
    expect(await list.getByRole("listitem").count()).toBe(2);
    await page.getByRole("searchbox").fill("APPLES");
    expect(await list.getByRole("listitem").count()).toBe(1);
    await list.getByRole("button", { name: "about apples", exact: true }).click();
    await page.getByText("You said: u:about apples").waitFor();
    await page.getByLabel("More about “about apples”").click();
    await button(page, "Rename").click();
    await page.getByRole("textbox", { name: "Title" }).fill("fruit");
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox").fill("");
    await list.getByRole("button", { name: "fruit", exact: true }).waitFor();
    await page.getByLabel("More about “fruit”").click();
    await button(page, "Delete").click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await eventually(() => list.getByRole("listitem").count()).toBe(1);
    await page.reload();
    await eventually(() => list.getByRole("listitem").count()).toBe(1);
    // One whose answer is under way does not come back when that ends.
    server.engine.reply = () => Array.from({ length: 500 }, () => "w ");
    server.engine.stepMs = 20;
    await page.keyboard.press("Alt+KeyN");
    await say(page, "about plums");
    await page.locator(".markdown", { hasText: "w w" }).waitFor();
    await page.getByLabel("More about “about plums”").click();
    await button(page, "Delete").click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await eventually(() => server.engine.calls.at(-1)!.ended).toBe("aborted");
    await eventually(() => list.getByRole("listitem").count()).toBe(1);
    await page.reload();
    await eventually(() => list.getByRole("listitem").count()).toBe(1);
  });

  it("sees what another tab says", async () => {
    server = await servePage();
    const page = await open();
    const other = await page.context().newPage();
    await other.goto(server.url);
    await say(page, "from the first tab");
    await answered(page);
    await other.getByRole("button", { name: "from the first tab" }).first().click();
    await eventually(() => turns(other)).toEqual(["from the first tab", "You said: u:from the first tab;"]);
    await say(other, "from the second");
    await eventually(async () => (await turns(page)).length).toBe(4);
  });

  it("exports as JSON and Markdown, and imports", async () => {
    server = await servePage();
    server.engine.reply = () => ["Some *words*"];
    const page = await open();
    await say(page, "speak");
    await answered(page);
    const exported = async (name: string) => {
      await page.getByLabel("More about “speak”").click();
      const download = page.waitForEvent("download");
      await button(page, name).click();
      const file = await download;
      return { name: file.suggestedFilename(), path: await file.path() };
    };
    const markdown = await exported("Export as Markdown");
    expect(markdown.name).toBe("speak.md");
    expect(readFileSync(markdown.path, "utf8")).toBe("# speak\n\n## You\n\nspeak\n\n## fake-model\n\nSome *words*\n");
    const json = await exported("Export as JSON");
    const other = await open();
    await other.locator("#import-file").setInputFiles({
      name: "x.json",
      mimeType: "application/json",
      buffer: readFileSync(json.path),
    });
    await other.getByRole("button", { name: "speak" }).first().click();
    await eventually(() => turns(other)).toEqual(["speak", "Some words"]);
    await other.locator("#import-file").setInputFiles({ name: "x", mimeType: "text/plain", buffer: Buffer.from("[]") });
    await other.getByText("This is not a file that was exported here.").waitFor();
  });

  it("asks for the key, keeps it for the tab alone", async () => {
    server = await servePage({ apiKey: ["right"] });
    const page = await open();
    const field = page.getByRole("textbox", { name: "API key" });
    await field.fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("The server did not accept this key.").waitFor();
    await field.fill("right");
    await page.keyboard.press("Enter");
    await page.locator("#model-name", { hasText: "fake-model" }).waitFor();
    await say(page, "hello");
    await answered(page);
    expect((await turns(page)).length).toBe(2);
    const stored = await page.evaluate(() => ({ session: sessionStorage.length, local: JSON.stringify(localStorage) }));
    expect(stored.session).toBe(1);
    expect(stored.local).not.toContain("right");
    await page.reload();
    await page.locator("#model-name", { hasText: "fake-model" }).waitFor();
  });

  it("sends system prompt and sampling; says what is wrong with a number", async () => {
    server = await servePage();
    const page = await open();
    await page.keyboard.press("Alt+KeyS");
    await page.getByLabel("System prompt").fill("Be brief.");
    await page.getByLabel("Temperature").fill("0.5");
    await page.getByLabel("Max tokens").fill("12");
    await page.getByLabel("Top p").fill("7");
    await page.getByText("a number from 0.01 to 1").waitFor();
    await page.getByLabel("Stop texts").fill("END");
    await page.getByLabel("Model", { exact: true }).selectOption("org/alias");
    await say(page, "go");
    await answered(page);
    const [call] = server.engine.calls;
    expect(call!.params).toMatchObject({ temperature: 0.5, maxTokens: 12, stop: ["END"] });
    expect(call!.params.topP ?? 1).toBe(1);
    expect(server.engine.rendered[0]!.messages[0]).toMatchObject({ role: "system", content: "Be brief." });
    await page.reload();
    expect(await page.getByLabel("System prompt").inputValue()).toBe("Be brief.");
  });

  it("shows errors of the server, before and within an answer, and tries again", async () => {
    server = await servePage();
    const { engine } = server;
    engine.reply = () => ["a", "b", "c"];
    engine.failure = failure;
    engine.failAfter = 0;
    const page = await open();
    await say(page, "hi");
    await page.locator(".error-text", { hasText: "the engine gave up on this request" }).waitFor();
    engine.failAfter = 2;
    engine.stepMs = 300;
    await button(page, "Regenerate answer").click();
    await eventually(() => page.locator(".error-text").count()).toBe(1);
    await answered(page);
    await eventually(() => page.locator(".markdown").last().innerText()).toBe("ab");
    engine.failAfter = Infinity;
    engine.stepMs = 0;
    await button(page, "Regenerate answer").click();
    await eventually(() => turns(page)).toEqual(["hi", "abc"]);
  });

  it("folds thoughts, and does not send them back", async () => {
    server = await servePage();
    server.engine.reply = () => ["<think>", "secret plan", "</think>", "\n\nHello"];
    const page = await open();
    await say(page, "hi");
    await answered(page);
    expect(await page.getByText("secret plan").isVisible()).toBe(false);
    await page.getByText("Reasoning", { exact: true }).click();
    expect(await page.getByText("secret plan").isVisible()).toBe(true);
    await say(page, "again");
    await answered(page);
    expect(JSON.stringify(server.engine.rendered.at(-1)!.messages)).not.toContain("secret plan");
  });

  it("shows tool calls and gives their results", async () => {
    server = await servePage();
    const page = await open();
    const bodies: any[] = [];
    const call = (part: object) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...part }] } }] });
    await page.route("**/v1/chat/completions", async (route) => {
      bodies.push(route.request().postDataJSON());
      const events: object[] =
        bodies.length > 1
          ? [{ choices: [{ index: 0, delta: { content: "It rains." }, finish_reason: "stop" }] }]
          : [
              { choices: [{ index: 0, delta: { reasoning: "I look it up." } }] },
              call({ id: "call-1", function: { name: "weather", arguments: "" } }),
              call({ function: { arguments: '{"city":' } }),
              call({ function: { arguments: '"Bern"}' } }),
              { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
            ];
      const text = [...events.map((event) => JSON.stringify(event)), "[DONE]"]
        .map((data) => `data: ${data}\n\n`)
        .join("");
      await route.fulfill({ contentType: "text/event-stream", body: text });
    });
    await say(page, "Weather?");
    const card = page.getByRole("region", { name: "Tool call 1" });
    await card.getByText('"Bern"').waitFor();
    expect(await card.innerText()).toContain("weather");
    await card.getByRole("textbox", { name: "Result" }).fill("rain");
    await button(page, "Send results").click();
    await page.locator(".markdown", { hasText: "It rains." }).waitFor();
    expect(bodies[1].messages).toEqual([
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: null,
        reasoning: "I look it up.",
        tool_calls: [{ id: "call-1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } }],
      },
      { role: "tool", tool_call_id: "call-1", content: "rain" },
    ]);
  });

  it("goes on with a text where there is no chat template", async () => {
    server = await servePage();
    const { engine } = server;
    engine.tokenizer = { ...engine.tokenizer!, chatTemplate: undefined } as never;
    engine.reply = () => [" there was", " a *star*."];
    const page = await open();
    const field = page.getByRole("textbox", { name: "Begin a text" });
    await field.fill("Once upon a time");
    await page.keyboard.press("Enter");
    await answered(page);
    expect(await page.locator(".turn").innerText()).toContain("Once upon a time there was a *star*.");
    await button(page, "Continue answer").click();
    await eventually(() => engine.calls.at(-1)!.prompt.text).toBe("Once upon a time there was a *star*.");
  });

  it("works under a root path behind a proxy", async () => {
    server = await servePage({ rootPath: "/llm" });
    const page = await open("/llm");
    await say(page, "hello");
    await answered(page);
    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.getByText("Requests of the last minutes").waitFor();
    expect(new URL(page.url()).pathname).toBe("/llm/dashboard");
  });
});
