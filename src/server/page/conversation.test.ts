/** Conversations as data: the tree of turns, files, what a request takes from them. */
import { describe, expect, it } from "vitest";
import { addTurn, choose, newConversation, shownTurns, siblings, turnsBefore } from "./conversation.js";
import type { Conversation } from "./conversation.js";
import { fileName, fromJson, toJson, toMarkdown } from "./conversation-files.js";
import { requestBody } from "./request-body.js";
import { emptySettings, extraProblem, readSettings, toolsProblem } from "./settings.js";
import { splitThinking } from "./thinking.js";

const contents = (conversation: Conversation) => shownTurns(conversation).map(({ content }) => content);

/** q1 -> a1 or a2; edited: q2 -> a3. */
function example(): Conversation {
  const conversation = newConversation({ ...emptySettings, system: "Be kind." }, "chat");
  const q1 = addTurn(conversation, { parent: null, role: "user", content: "q1" });
  addTurn(conversation, { parent: q1.id, role: "assistant", content: "a1" });
  addTurn(conversation, { parent: q1.id, role: "assistant", content: "a2" });
  const q2 = addTurn(conversation, { parent: null, role: "user", content: "q2" });
  addTurn(conversation, { parent: q2.id, role: "assistant", content: "a3" });
  return conversation;
}

describe("the tree of turns", () => {
  it("shows the newest, and what was chosen, and keeps the rest", () => {
    const conversation = example();
    expect(conversation.title).toBe("q1");
    expect(contents(conversation)).toEqual(["q2", "a3"]);
    const [q1, a1] = conversation.turns;
    choose(conversation, q1!);
    expect(contents(conversation)).toEqual(["q1", "a2"]);
    choose(conversation, a1!);
    expect(contents(conversation)).toEqual(["q1", "a1"]);
    expect(siblings(conversation, a1!).map(({ content }) => content)).toEqual(["a1", "a2"]);
    expect(turnsBefore(conversation, a1!)).toEqual([q1]);
  });

  it("ends where data goes in circles", () => {
    const conversation = example();
    const turns = [
      { id: "x", parent: "y", role: "user", content: "", createdAt: 0 },
      { id: "y", parent: "x", role: "user", content: "", createdAt: 0 },
      { id: "", parent: null, role: "user", content: "", createdAt: 0 },
    ] as const;
    const round = { ...conversation, turns: [...turns], chosen: {} };
    expect(shownTurns(round).length).toBeLessThan(4);
    expect(turnsBefore(round, turns[0]).length).toBeLessThan(4);
  });
});

describe("files", () => {
  it("come back as they were", () => {
    const conversation = example();
    conversation.turns[1]!.toolCalls = [{ id: "1", name: "f", arguments: "{}" }];
    conversation.turns[1]!.figures = { promptTokens: 3, decodeMs: 1.5 };
    conversation.turns[2]!.error = "failed";
    expect(fromJson(toJson([conversation]))).toEqual([conversation]);
  });

  it.each(["", "{}", "[]", "null", '"x"', '{"format":"quire-conversations","conversations":{}}'])(
    "%s is refused",
    (text) => {
      expect(() => fromJson(text)).toThrow(/This is not a/);
    },
  );

  it("of a later version are refused; what is wrong inside is left out", () => {
    expect(() => fromJson('{"format":"quire-conversations","version":2,"conversations":[]}')).toThrow(/version 2/);
    const odd = {
      id: 5,
      title: { toString: "x" },
      mode: "evil",
      settings: { sampling: { temperature: "hot", top_p: 0.5, __proto__: 1, top_k: 1e99 }, stop: [1, "a"] },
      turns: [
        null,
        { role: "system", content: 7, parent: "nowhere" },
        { role: "assistant", content: "ok", toolCalls: [null] },
      ],
      chosen: { a: "nowhere" },
    };
    const [read] = fromJson(JSON.stringify({ format: "quire-conversations", version: 1, conversations: [odd] }));
    expect(read).toMatchObject({ title: "Imported chat", mode: "chat", chosen: {} });
    expect(read!.settings).toMatchObject({ sampling: { top_p: 0.5 }, stop: ["a"] });
    expect(contents(read!)).toEqual(["ok"]);
    expect(read!.turns.every(({ role }) => role === "user" || role === "assistant")).toBe(true);
  });

  it("as Markdown hold what is shown; fences are longer than those inside", () => {
    const conversation = example();
    const last = conversation.turns.at(-1)!;
    last.content = "<think>hm\nhm</think>\nHello";
    last.toolCalls = [{ id: "1", name: "run", arguments: "```" }];
    expect(toMarkdown(conversation)).toBe(
      "# q1\n\n## System\n\nBe kind.\n\n## You\n\nq2\n\n## Model\n\n> hm\n> hm\n\nHello\n\nCalls `run`:\n\n````json\n```\n````\n",
    );
    expect(fileName("A title / of: two words?", "md")).toBe("a-title-of-two-words.md");
    expect(fileName("../..", "md")).toBe("conversation.md");
  });
});

describe("requests", () => {
  it("carry system prompt, turns, sampling, and what else was set", () => {
    const conversation = example();
    conversation.settings = {
      ...conversation.settings,
      sampling: { temperature: 0 },
      stop: ["x"],
      extra: '{"user":"me"}',
      tools: '[{"type":"function"}]',
    };
    const answer = shownTurns(conversation).at(-1)!;
    const body = requestBody(conversation, turnsBefore(conversation, answer), "");
    expect(body).toEqual({
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "q2" },
      ],
      temperature: 0,
      stop: ["x"],
      user: "me",
      tools: [{ type: "function" }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(
      requestBody({ ...conversation, mode: "completion" }, turnsBefore(conversation, answer), " and"),
    ).toMatchObject({
      prompt: "q2 and",
      max_tokens: 128,
    });
  });

  it("never lose their stream to an extra field", () => {
    const conversation = example();
    conversation.settings.extra = '{"stream":false}';
    expect(requestBody(conversation, [], "").stream).toBe(true);
  });
});

it("settings from anything are settings", () => {
  for (const data of [undefined, null, 5, "x", [], { sampling: [] }, { stop: {} }])
    expect(readSettings(data)).toEqual(emptySettings);
  expect(toolsProblem("")).toBeUndefined();
  expect(toolsProblem("{}")).toBe("expected a list of tools");
  expect(extraProblem("[1]")).toBe("expected a JSON object");
  expect(extraProblem("{")).toMatch(/^not JSON/);
});

it.each([
  ["plain", "", "plain"],
  ["<think>a</think>b", "a", "b"],
  ["\n<think>\na", "a", ""],
  ["a</think>\n\nb", "a", "b"],
  ["say `</think>` to end", "", "say `</think>` to end"],
  ["b <think>a</think>", "b <think>a", ""],
])("thoughts of %j", (text, thoughts, answer) => {
  expect(splitThinking(text)).toEqual({ thoughts, answer });
});
