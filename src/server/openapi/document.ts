/** The OpenAPI 3.1 document, made from the endpoints' own schemas. */
import { z } from "zod";
import type { RouteName } from "../app.js";
import { anthropicErrorAnswer, errorAnswer } from "./answers.js";
import { operations } from "./operations.js";
import type { Operation } from "./operations.js";

type Json = Record<string, unknown>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
  readonly security: readonly Json[];
}

export interface DocumentFacts {
  readonly version: string;
  /** Path under which a proxy shows the server. */
  readonly rootPath: string;
  /** What the server has; other operations are left out. */
  readonly routes: readonly RouteName[];
}

/** Errors that any operation may answer with. */
const ERRORS: Readonly<Record<number, string>> = {
  400: "The request is wrong; `param` names the field.",
  401: "The key is missing or wrong.",
  404: "There is no such model or object.",
  405: "Not with this method.",
  408: "The request did not come in time.",
  413: "The body is too large.",
  415: "The body must be JSON, uncompressed.",
  422: "The request cannot be processed.",
  500: "The request failed in the engine.",
  503: "The server stops, is full, or its engine died.",
  504: "The request took too long.",
};

export function openApiDocument({ version, rootPath, routes }: DocumentFacts): OpenApiDocument {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  const has = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const there = operations.filter(({ method, route }) => has.has(`${method} ${route}`));
  for (const operation of there) {
    const path = openApiPath(operation);
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(operation, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Quire",
      version,
      description: "Large language models over the APIs of OpenAI and Anthropic, with vLLM's additions.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: rootPath === "" ? "/" : rootPath }],
    tags: [...new Set(there.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
    // None is needed where the server has no key.
    security: [{}, { bearer: [] }, { apiKey: [] }],
  };
}

/** "/v1/responses/:id" -> "/v1/responses/{id}"; a star has the name of the operation's parameter. */
export function openApiPath({ route, parameters = [] }: Operation): string {
  const star = parameters.find((parameter) => parameter.in === "path")?.name ?? "path";
  return route.replace(/:(\w+)/g, "{$1}").replace("*", `{${star}}`);
}

function describe(operation: Operation, schemas: Json): Json {
  const { bodies, parameters } = operation;
  return {
    operationId: operationId(operation),
    tags: [operation.tag],
    summary: operation.summary,
    ...(parameters ? { parameters: parameters.map((one) => ({ ...one, required: one.in === "path" })) } : {}),
    ...(bodies
      ? {
          requestBody: {
            required: operation.isBodyOptional !== true,
            content: { "application/json": { schema: anyOf(bodies.map((body) => schemaOf(body, "input", schemas))) } },
          },
        }
      : {}),
    responses: { 200: success(operation, schemas), ...errors(operation, schemas) },
  };
}

function operationId(operation: Operation): string {
  const words = openApiPath(operation).split(/[^A-Za-z0-9]+/);
  return [operation.method.toLowerCase(), ...words.filter((word) => word !== "")].join("_");
}

function success({ answer, contentType, isStream, summary }: Operation, schemas: Json): Json {
  const content: Json = {};
  if (answer !== undefined) content["application/json"] = { schema: schemaOf(answer, "output", schemas) };
  if (contentType !== undefined) content[contentType] = { schema: { type: "string" } };
  if (isStream === true) {
    content["text/event-stream"] = { schema: { type: "string", description: "Events, with `stream`." } };
  }
  return { description: summary, ...(Object.keys(content).length > 0 ? { content } : {}) };
}

function errors({ isAnthropic }: Operation, schemas: Json): Json {
  const schema = schemaOf(isAnthropic === true ? anthropicErrorAnswer : errorAnswer, "output", schemas);
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, description]) => [
      status,
      { description, content: { "application/json": { schema } } },
    ]),
  );
}

function anyOf(schemas: readonly Json[]): Json {
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}

/** Schemas with a name go among the components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...json
  } = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" }) as Json & { $defs?: Json };
  for (const [name, defined] of Object.entries($defs)) schemas[name] = moved(defined);
  const { id } = z.globalRegistry.get(schema) ?? {};
  if (id === undefined) return moved(json) as Json;
  schemas[id] = moved(json);
  return { $ref: `#/components/schemas/${id}` };
}

/** References to definitions lead to the components. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // The name is the key.
      .filter(([name, inner]) => !(name === "id" && typeof inner === "string"))
      .map(([name, inner]) => [
        name,
        name === "$ref" && typeof inner === "string"
          ? inner.replace("#/$defs/", "#/components/schemas/")
          : moved(inner),
      ]),
  );
}
