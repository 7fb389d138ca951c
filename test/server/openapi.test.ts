/** /openapi.json and /docs: the document holds together, tells of every route, and real answers are as it says. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import * as answers from "../../src/server/openapi/answers.js";
import { openApiPath } from "../../src/server/openapi/document.js";
import { operations, PAGE_ROUTES } from "../../src/server/openapi/operations.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeEach(async () => {
  server = await testServer({ serverDevMode: true, enableTokenizerInfoEndpoint: true, apiKey: [] });
});
afterEach(() => server.close());

const document = async () => JSON.parse((await server.get("/openapi.json")).text);

describe("/openapi.json", () => {
  it("tells of every route that programs may use, and of no other", async () => {
    const { paths } = await document();
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const there = server.routes
      .filter(({ method, path }) => method !== "HEAD" && !PAGE_ROUTES.has(path))
      .map(({ method, path }) => {
        const operation = operations.find((one) => one.method === method && one.route === path);
        expect(operation, `${method} ${path} is in no operation`).toBeDefined();
        return `${method} ${openApiPath(operation!)}`;
      });
    expect(told.sort()).toEqual(there.sort());
  });

  it("leaves out what the server was not started with", async () => {
    const plain = await testServer();
    const { paths } = JSON.parse((await plain.get("/openapi.json")).text);
    expect(Object.keys(paths)).toContain("/tokenize");
    for (const path of ["/sleep", "/tokenizer_info", "/server_info"]) expect(Object.keys(paths)).not.toContain(path);
    await plain.close();
  });

  it("holds together: references, parameters, ids, schemas", async () => {
    const json = await document();
    expect(json.openapi).toBe("3.1.0");
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries<Record<string, any>>(json.paths)) {
      for (const operation of Object.values(methods)) {
        expect(ids.has(operation.operationId), operation.operationId).toBe(false);
        ids.add(operation.operationId);
        const declared = (operation.parameters ?? []).filter(({ in: place }: any) => place === "path");
        expect(declared.map(({ name }: any) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["200", "400", "500"]));
      }
    }
    const walk = (value: unknown, where: string): void => {
      if (Array.isArray(value)) return value.forEach((inner, i) => walk(inner, `${where}/${i}`));
      if (typeof value !== "object" || value === null) return;
      const { $ref, $defs, type } = value as Record<string, unknown>;
      if (typeof $ref === "string") {
        const target = $ref
          .slice(2)
          .split("/")
          .reduce((at: any, key) => at?.[key], json);
        expect(target, `${where}: ${$ref}`).toBeDefined();
      }
      expect($defs, where).toBeUndefined();
      if (typeof type === "string" && where.includes("schema") && !where.endsWith("/properties")) {
        const known = ["string", "number", "integer", "boolean", "object", "array", "null"];
        if (!where.includes("securitySchemes")) expect(known, where).toContain(type);
      }
      for (const [key, inner] of Object.entries(value)) walk(inner, `${where}/${key}`);
    };
    walk(json, "#");
  });

  it("describes bodies as they are checked", async () => {
    const { paths } = await document();
    const schema = paths["/v1/completions"].post.requestBody.content["application/json"].schema;
    expect(schema.properties.stream_interval.anyOf[0]).toMatchObject({ type: "integer", minimum: 1 });
    expect(paths["/v1/messages"].post.requestBody.content["application/json"].schema.required).toEqual([
      "model",
      "messages",
      "max_tokens",
    ]);
    expect(paths["/tokenize"].post.requestBody.content["application/json"].schema.anyOf).toHaveLength(2);
    expect(Object.keys(paths["/v1/chat/completions"].post.responses["200"].content)).toEqual([
      "application/json",
      "text/event-stream",
    ]);
  });

  it("is open, and not there with --disable-fastapi-docs", async () => {
    const guarded = await testServer({ apiKey: ["secret"], rootPath: "/llm" });
    const { status, text } = await guarded.get("/llm/openapi.json");
    expect([status, JSON.parse(text).servers]).toEqual([200, [{ url: "/llm" }]]);
    expect((await guarded.get("/docs")).status).toBe(200);
    await guarded.close();
    const without = await testServer({ disableFastapiDocs: true });
    for (const path of ["/openapi.json", "/docs"]) expect((await without.get(path)).status).toBe(404);
    await without.close();
  });
});

describe("answers are as the document says", () => {
  const holds = (schema: z.ZodType, value: unknown) => {
    const result = schema.safeParse(value);
    expect(result.error?.issues, JSON.stringify(value)).toBeUndefined();
  };
  const messages = [{ role: "user", content: "hi" }];

  it.each<[string, z.ZodType, object]>([
    [
      "/v1/completions",
      answers.completionAnswer,
      { prompt: "a", max_tokens: 2, logprobs: 1, echo: true, return_token_ids: true },
    ],
    ["/v1/completions", answers.completionAnswer, { prompt: "a", max_tokens: 2, prompt_logprobs: 1 }],
    ["/v1/chat/completions", answers.chatAnswer, { messages, max_tokens: 2, logprobs: true, top_logprobs: 1 }],
    ["/v1/responses", answers.responseAnswer, { input: "a", max_output_tokens: 2 }],
    ["/v1/messages", answers.messageAnswer, { model: "fake-model", messages, max_tokens: 2 }],
    ["/v1/messages/count_tokens", answers.countTokensAnswer, { model: "fake-model", messages }],
    ["/tokenize", answers.tokenizeAnswer, { prompt: "a", return_token_strs: true }],
    ["/detokenize", answers.detokenizeAnswer, { tokens: [97] }],
    ["/abort_requests", answers.abortAnswer, {}],
    ["/reset_prefix_cache", answers.resetAnswer, {}],
    ["/pause", answers.statusAnswer, {}],
  ])("POST %s", async (path, schema, body) => {
    const { status, json } = await server.post(path, body);
    expect(status, JSON.stringify(json)).toBe(200);
    holds(schema, json);
  });

  it.each<[string, z.ZodType]>([
    ["/v1/models", answers.modelsAnswer],
    ["/v1/models/org/alias", answers.modelAnswer],
    ["/version", answers.versionAnswer],
    ["/load", answers.loadAnswer],
    ["/tokenizer_info", answers.tokenizerInfoAnswer],
    ["/is_sleeping", answers.isSleepingAnswer],
    ["/is_paused", answers.isPausedAnswer],
  ])("GET %s", async (path, schema) => holds(schema, JSON.parse((await server.get(path)).text)));

  it("errors too", async () => {
    holds(answers.errorAnswer, (await server.post("/v1/completions", {})).json);
    holds(answers.anthropicErrorAnswer, (await server.post("/v1/messages", {})).json);
  });
});

it("docs/endpoints.md names every operation", () => {
  const page = readFileSync("docs/endpoints.md", "utf8");
  for (const operation of operations) {
    const path = openApiPath(operation).replaceAll(/[{}]/g, "\\$&");
    expect(page).toMatch(new RegExp(`\`${operation.method} ${path}[\`?]`));
  }
});

describe("/docs", () => {
  it("shows every operation, loads nothing and runs nothing", async () => {
    const { status, text, headers } = await server.get("/docs");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(text).not.toMatch(/<script|javascript:|https?:|\son\w+=|style="/i);
    for (const path of Object.keys((await document()).paths)) expect(text).toContain(`<code>${path}</code>`);
    expect(text).toContain("max_completion_tokens");
  });
});
