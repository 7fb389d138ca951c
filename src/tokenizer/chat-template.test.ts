import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RequestError } from "../util/errors.js";
import { ChatRenderer } from "./chat-template.js";
import type { ChatTemplateOptions } from "./chat-template.js";
import type { ChatMessage } from "./chat-messages.js";
import { loadTokenizer } from "./load-tokenizer.js";

const demo = join(new URL("../../models/", import.meta.url).pathname, "quire-demo");

function render(template: string, messages: ChatMessage[], options: ChatTemplateOptions = {}): string {
  const specialTokens = { bos_token: "<s>", eos_token: "</s>" };
  return new ChatRenderer({ chatTemplate: template, specialTokens }).render(messages, options);
}

function failure(action: () => unknown): RequestError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).status).toBe(400);
    return error as RequestError;
  }
  throw new Error("no error came");
}

const user = (content: ChatMessage["content"]): ChatMessage => ({ role: "user", content });
const simple =
  "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

it("renders the conversations of quire-demo as the reference did", async () => {
  const renderer = new ChatRenderer(await loadTokenizer(demo));
  const { prompts } = JSON.parse(readFileSync(join(demo, "golden.json"), "utf8")) as {
    prompts: { messages: ChatMessage[]; text: string }[];
  };
  const chats = prompts.filter(({ messages }) => messages !== undefined);
  expect(chats.length).toBeGreaterThan(3);
  for (const { messages, text } of chats) expect(renderer.render(messages)).toBe(text);
});

describe("what a template sees", () => {
  it("special tokens, null for what is not given, own variables", () => {
    const template =
      "{{ bos_token }}{{ tools is none }}{{ documents is none }}{{ thinking is defined }}{{ eos_token }}";
    expect(render(template, [])).toBe("<s>truetruefalse</s>");
    const variables = { thinking: true, eos_token: "!" };
    expect(render(template, [], { tools: [{ a: 1 }], documents: [], variables })).toBe("<s>falsefalsetrue!");
  });

  it("tools in the order of their keys", () => {
    const tools = [{ type: "function", function: { name: "f", parameters: { z: 1, a: [true, null] } } }];
    expect(render("{{ tools | tojson }}", [], { tools })).toBe(
      '[{"type": "function", "function": {"name": "f", "parameters": {"z": 1, "a": [true, null]}}}]',
    );
  });

  it("add_generation_prompt, on by default", () => {
    expect(render(simple, [user("a")])).toBe("[user]a[assistant]");
    expect(render(simple, [user("a")], { addGenerationPrompt: false })).toBe("[user]a");
  });

  it("a template with CRLF, blocks trimmed as Transformers does", () => {
    const text =
      "{% for m in messages %}\r\n  {% if true %}\r\n{{ m.content }}\r\n  {% endif %}\r\n{% endfor %}\r\nend";
    expect(render(text, [user("a"), user("b")])).toBe("a\nb\nend");
  });

  it("strftime_now", () => {
    expect(render("{{ strftime_now('%Y') }}", [])).toMatch(/^\d{4}$/);
  });
});

describe("content", () => {
  const loops = "{% for m in messages %}{% for p in m['content'] %}<{{ p.type }}:{{ p.text }}>{% endfor %}{% endfor %}";
  const parts = [
    { type: "text", text: "a" },
    { type: "input_text", text: "b" },
  ];

  it("parts become lines of text, or text becomes a part, as the template wants", () => {
    expect(render(simple, [user(parts)])).toBe("[user]a\nb[assistant]");
    expect(render(loops, [user(parts)])).toBe("<text:a><text:b>");
    expect(render(loops, [user("c")])).toBe("<text:c>");
    expect(render("{{ messages[0].content is string }}", [user("c")], { contentFormat: "openai" })).toBe("false");
    expect(render(simple, [user(null), { role: "tool" }])).toBe("[user][tool][assistant]");
  });

  it.each([
    ["string", simple],
    ["openai", loops],
    [
      "openai",
      "{% for m in messages[1:] | list %}{% for p in m.content if p.type == 'text' %}{% endfor %}{% endfor %}",
    ],
    [
      "openai",
      "{% set rest = messages[1:] %}{% for m in rest %}{% for p in m.content | list %}{% endfor %}{% endfor %}",
    ],
    [
      "openai",
      "{% if true %}{% for m in messages if m.role %}{% for p in m.content %}{% endfor %}{% endfor %}{% endif %}",
    ],
    ["string", "{% for m in messages %}{% for call in m.tool_calls %}{% endfor %}{% endfor %}"],
    ["string", "{% for m in others %}{% for p in m.content %}{% endfor %}{% endfor %}"],
    ["string", "{% set x = x %}{% for m in messages %}{{ m['content'] | trim }}{% endfor %}"],
  ] as const)("format %s: %s", (format, template) => {
    expect(new ChatRenderer({ chatTemplate: template, specialTokens: {} }).contentFormat()).toBe(format);
  });

  it("what is no text is refused with its place", () => {
    const image = { type: "image_url", image_url: { url: "x" } };
    expect(failure(() => render(simple, [user("a"), user([image])])).message).toMatch(
      /^messages\[1\]\.content\[0\]: content part of type "image_url"; this model takes text only/,
    );
    expect(failure(() => render(simple, [user([{ type: "text" }])])).message).toMatch(/needs a string "text"/);
    expect(failure(() => render(simple, [user(5 as never)])).message).toMatch(/must be a string or a list/);
    expect(failure(() => render(simple, "hi" as never)).message).toMatch(/messages must be a list/);
    expect(failure(() => render(simple, [{} as never])).message).toMatch(
      /messages\[0\]: a message needs a string "role"/,
    );
    expect(failure(() => render(simple, [user([null as never])])).message).toMatch(/content part of type null/);
  });

  it("arguments of tool calls are parsed", () => {
    const call = (args: string): ChatMessage => ({
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: args } }],
    });
    const template = "{% for m in messages %}{{ m.tool_calls[0].function.arguments.city }}{% endfor %}";
    expect(render(template, [call('{"city": "Rome"}')])).toBe("Rome");
    expect(render(template, [call("")])).toBe("");
    expect(failure(() => render(template, [call("{")])).message).toMatch(
      /tool_calls\[0\]\.function\.arguments: not valid/,
    );
  });
});

describe("continue_final_message", () => {
  const trimming = simple.replace("{{ m.content }}", "{{ m.content | trim }}<end>");

  it("leaves the last message open", () => {
    const messages = [user("Say Hi"), { role: "assistant", content: "Hi, I am " }];
    const options = { continueFinalMessage: true };
    expect(render(simple, messages, options)).toBe("[user]Say Hi[assistant]Hi, I am ");
    expect(render(trimming, messages, options)).toBe("[user]Say Hi<end>[assistant]Hi, I am");
    expect(render(trimming, [user([{ type: "text", text: "a" }])], options)).toBe("[user]a");
  });

  it("is refused together with add_generation_prompt, without a message, and where the template drops it", () => {
    const both = { continueFinalMessage: true, addGenerationPrompt: true };
    expect(failure(() => render(simple, [user("a")], both)).param).toBe("continue_final_message");
    const options = { continueFinalMessage: true };
    expect(failure(() => render(simple, [], options)).message).toMatch(/needs a message/);
    expect(failure(() => render("x", [user("a")], options)).message).toMatch(/leaves the last message out/);
  });
});

describe("which template", () => {
  const named = { default: "D", tool_use: "T", rag: "R" };
  const renderer = new ChatRenderer({ chatTemplate: named, specialTokens: {} });

  it("default, tool_use where there are tools, by name, or the request's own", () => {
    expect(renderer.render([])).toBe("D");
    expect(renderer.render([], { tools: [] })).toBe("D");
    expect(renderer.render([], { tools: [{}] })).toBe("T");
    expect(renderer.render([], { template: "rag" })).toBe("R");
    expect(renderer.render([], { template: "own {{ 1 + 1 }}" })).toBe("own 2");
  });

  it("none", () => {
    const none = new ChatRenderer({ chatTemplate: undefined, specialTokens: {} });
    expect(failure(() => none.render([user("a")])).message).toMatch(/no chat template/);
    const other = new ChatRenderer({ chatTemplate: { rag: "R" }, specialTokens: {} });
    expect(failure(() => other.render([user("a")])).message).toMatch(/name one: rag/);
  });

  it("many templates do not pile up, and still render", () => {
    for (let i = 0; i < 100; i++) expect(renderer.render([], { template: `t${i}` })).toBe(`t${i}`);
  });
});

describe("a template that fails", () => {
  it("gives its own message", () => {
    const template = "{{ raise_exception('Conversation roles must alternate') }}";
    expect(failure(() => render(template, [])).message).toBe("chat template: Conversation roles must alternate");
  });

  it("cannot be parsed, or calls what is not there", () => {
    expect(failure(() => render("{% if %}", [])).message).toMatch(/cannot be parsed/);
    expect(failure(() => render("{{ nothing() }}", [])).message).toMatch(/^chat template: /);
  });
});
