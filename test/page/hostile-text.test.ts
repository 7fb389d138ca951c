/** Text that a model may write to do harm, streamed in pieces; and the same elements wherever the pieces were cut. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../src/util/package-root.js";
import { answered, browserPath, openBrowser, openTab, say, servePage } from "./browser.js";

let browser: Browser;

const hostile = [
  "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 2'><svg onload=window.harmed=3>",
  "[click](javascript:window.harmed=4) [data](data:text/html,<script>harm</script>) [vb](vbscript:x) <javascript:window.harmed=5>",
  "[file](file:///etc/passwd) [relative](../v1/models) [mail](mailto:a@example.org) [web](https://example.org/?a=1&b=2 \"t' onmouseover='x\")",
  "![picture](https://example.org/spy.png) ![inline](data:image/svg+xml;base64,PHN2Zz4=) ![js](javascript:1)",
  "&lt;script&gt;window.harmed = 6&lt;/script&gt; <a href='javascript:1'>a</a> <iframe srcdoc='<script>1</script>'></iframe>",
  "\u001b[31mred\u001b[0m \u202egnp.exe\u202c \u0007 bell",
  "| a |\n|---|\n| <style>*{display:none}</style> |",
  "[ref]: javascript:window.harmed=7\n\n[ref]",
  "```html\n<script>window.harmed = 8</script>\n<b onclick=x>\u202e</b>\n```",
  `${">".repeat(300)} deep`,
  `${"*".repeat(500)}${"[".repeat(500)}${"`".repeat(333)}`,
  "```js\nconst unclosed = '<img src=x onerror=window.harmed=9>'",
].join("\n\n");

describe.skipIf(browserPath === undefined)("hostile text", () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it("becomes text: no script, no handler, no request, no offence against the policy", async () => {
    const server = await servePage();
    server.engine.reply = () => hostile.match(/[^]{1,7}/gu)!;
    const { page, problems } = await openTab(browser, server.url);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await say(page, "<img src=x onerror='window.harmed = 10'>\u202e");
    await answered(page);
    const found = await page.evaluate(() => {
      const thread = document.querySelector("#thread")!;
      const attributes = [...thread.querySelectorAll("*")].flatMap((element) => [...element.attributes]);
      return {
        harmed: (window as unknown as { harmed?: number }).harmed,
        elements: thread.querySelectorAll("script, iframe, img, style, object, embed, form, link, base, meta").length,
        handlers: attributes.filter(({ name }) => name.startsWith("on") || name === "style" || name === "srcdoc")
          .length,
        links: [...thread.querySelectorAll("a")].map(({ href, rel, target }) => ({ href, rel, target })),
        text: thread.textContent!,
      };
    });
    expect(found.harmed).toBeUndefined();
    expect(found.elements).toBe(0);
    expect(found.handlers).toBe(0);
    expect(found.links.map(({ href }) => href)).toEqual([
      "mailto:a@example.org",
      "https://example.org/?a=1&b=2",
      "https://example.org/spy.png",
    ]);
    for (const link of found.links)
      expect(link).toMatchObject({ rel: "noopener noreferrer nofollow", target: "_blank" });
    expect(found.text).toContain("<script>window.harmed = 1</script>");
    expect(found.text).toContain("\u241b[31mred");
    expect(found.text).toContain("[U+202E]gnp.exe");
    for (const character of ["\u0007", "\u001b", "\u202e"]) expect(found.text).not.toContain(character);
    expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
    expect(problems).toEqual([]);
    await page.waitForTimeout(200);
    await page.reload();
    await page.getByText("gnp.exe").waitFor();
    expect(await page.evaluate(() => (window as unknown as { harmed?: number }).harmed)).toBeUndefined();
    expect(problems).toEqual([]);
    await page.context().close();
    await server.close();
  });

  it("gives the same elements for any cut of the stream", async () => {
    const page = await bench();
    const differing = await page.evaluate(
      ({ texts }) => {
        const { MarkdownStream } = (window as unknown as { bench: typeof import("./stream-bench.js") }).bench;
        const render = (pieces: readonly string[]) => {
          const element = document.createElement("div");
          const stream = new MarkdownStream(element);
          let text = "";
          for (const piece of pieces) {
            stream.set((text += piece));
            // As if a frame came after every piece.
            stream.end();
          }
          return element.innerHTML;
        };
        let seed = 12_345;
        const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
        const wrong: { text: string; pieces: string[] }[] = [];
        for (const text of texts) {
          const whole = render([text]);
          for (let round = 0; round < 12; round++) {
            const pieces: string[] = [];
            const longest = 1 + Math.floor(random() * 30);
            for (let at = 0; at < text.length; at += pieces.at(-1)!.length) {
              pieces.push(text.slice(at, at + 1 + Math.floor(random() * longest)));
            }
            if (render(pieces) !== whole) wrong.push({ text, pieces });
          }
        }
        return wrong;
      },
      { texts: [...hostile.split("\n\n"), ...markdown] },
    );
    expect(differing).toEqual([]);
    await page.context().close();
  }, 20_000);

  it("keeps long answers smooth: 2,000 tokens of code cost less than a second in all", async () => {
    const page = await bench();
    const ms = await page.evaluate(async () => {
      const { MarkdownStream } = (window as unknown as { bench: typeof import("./stream-bench.js") }).bench;
      const element = document.createElement("div");
      document.body.append(element);
      const stream = new MarkdownStream(element);
      let text = "Here it is:\n\n```ts\n";
      let spent = 0;
      for (let i = 0; i < 2000; i++) {
        text += i % 10 === 9 ? ";\n" : ` x${i} = call(${i})`;
        stream.set(text);
        const began = performance.now();
        if (i % 20 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
        spent = Math.max(spent, performance.now() - began);
      }
      const began = performance.now();
      stream.end();
      return { last: performance.now() - began, longestWait: spent };
    });
    expect(ms.last).toBeLessThan(500);
    expect(ms.longestWait).toBeLessThan(1000);
    await page.context().close();
  });
});

/** Markdown in which a later line could change what an earlier one means. */
const markdown = [
  "A\n#5 on the list\n\n# heading\ntext\n===\nmore\n---\nafter",
  "- a\n- b\n\n  c\n- d\n\n1. one\n2. two\n   - nested\n\n   para\n\nend",
  "| a | b |\n|---|:-:|\n| 1 | 2 |\nnot a row? yes\n\n> quote\nlazy\n\n    code\n\n    more code\ntext",
  "see [a] and [b][a]\n\nthen text\n\n[a]: https://example.org 'title'\n\nlast [a]",
  "~~~\nfence\n``` inside\n~~~~\nafter\n\n```py\ndef f():\n\n\n    return 1\n```\n\ndone",
  "line one  \nline two\\\nline three\r\n\r\nwindows\r\nlines\r\rold mac",
  "***\n\n* * *\n\n- \n\n-\ttab\n\n<div>\n\nx\n</div>\n\n\\# no heading\n\n&amp; &#35; end `a``b`",
  "a\n\n-\nb\n\n2\\. x\n\n1)\n\n1) x\n+ y\n* z\n",
];

/** A blank page with the renderer in `window.bench`. */
async function bench(): Promise<Page> {
  const build = await rolldown({ input: join(packageRoot, "test/page/stream-bench.ts"), platform: "browser" });
  const { output } = await build.generate({ format: "iife", name: "bench" });
  await build.close();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addScriptTag({ content: output[0].code });
  return page;
}
