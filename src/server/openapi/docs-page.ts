/** The page at /docs: the OpenAPI document as HTML, without scripts. */
import { createHash } from "node:crypto";
import type { OpenApiDocument } from "./document.js";

type Json = Record<string, unknown>;

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; }
details { border: 1px solid #8885; border-radius: .4rem; margin: .5rem 0; padding: .2rem .8rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary code { font-weight: 600; }
.method { display: inline-block; min-width: 3.5rem; font: 600 .8rem ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #8883; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; }
pre { background: #8882; padding: .8rem; overflow: auto; border-radius: .4rem; font-size: .85rem; }
`;

/** Nothing may be loaded or run; the page's own style is known by its hash. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function docsPage(document: OpenApiDocument): string {
  const { info, tags, paths } = document;
  const sections = tags.map(({ name }) => {
    const parts = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => (operation as { tags: string[] }).tags.includes(name))
        .map(([method, operation]) => operationPart(method, path, operation as Json, document)),
    );
    return `<h2>${escape(name)}</h2>\n${parts.join("\n")}`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quire: API</title><style>${STYLE}</style></head>
<body>
<main>
<h1>Quire's API</h1>
<p>${escape(String(info.description))} Version ${escape(String(info.version))}; the same for programs: <a href="openapi.json">openapi.json</a>.</p>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

function operationPart(method: string, path: string, operation: Json, document: OpenApiDocument): string {
  const { summary, parameters, requestBody, responses } = operation as {
    summary: string;
    parameters?: { name: string; in: string; description: string; schema: Json }[];
    requestBody?: { content: Record<string, { schema: Json }> };
    responses: Record<string, { content?: Record<string, { schema: Json }> }>;
  };
  const rows = (parameters ?? []).map(({ name, in: place, description, schema }) => [
    name,
    `${typeName(schema)} (${place})`,
    description,
  ]);
  const body = requestBody?.content["application/json"]?.schema;
  const answer = responses[200]?.content?.["application/json"]?.schema;
  return [
    `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${escape(path)}</code> ${escape(summary)}</summary>`,
    rows.length > 0 ? `<h4>Parameters</h4>${table(rows)}` : "",
    ...(body === undefined ? [] : variants(body).map((variant) => `<h4>Body</h4>${fields(variant, document)}`)),
    answer === undefined ? "" : `<h4>Answer</h4>${fields(answer, document)}`,
    "</details>",
  ].join("\n");
}

function variants(schema: Json): Json[] {
  return Array.isArray(schema.anyOf) ? (schema.anyOf as Json[]) : [schema];
}

function fields(given: Json, document: OpenApiDocument): string {
  const schema = resolve(given, document);
  const { properties, required = [] } = schema as { properties?: Record<string, Json>; required?: string[] };
  if (properties === undefined || Object.keys(properties).length === 0) return "<p>A JSON object.</p>";
  return table(
    Object.entries(properties).map(([name, property]) => [
      name,
      `${typeName(resolve(property, document))}${required.includes(name) ? ", required" : ""}`,
      limits(property),
    ]),
  );
}

function resolve(schema: Json, { components }: OpenApiDocument): Json {
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  return (components.schemas[$ref.split("/").at(-1)!] as Json | undefined) ?? schema;
}

function typeName(schema: Json): string {
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1)!;
  const parts = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (parts !== undefined) return [...new Set(parts.map(typeName))].filter((name) => name !== "null").join(" or ");
  if (Array.isArray(schema.enum)) return (schema.enum as unknown[]).map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${typeName((schema.items ?? {}) as Json)}`;
  return typeof schema.type === "string" ? schema.type : "anything";
}

const LIMITS = ["minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems", "default"];

function limits(schema: Json): string {
  const own = [schema, ...((schema.anyOf ?? []) as Json[])];
  const isHuge = (value: unknown) => typeof value === "number" && Math.abs(value) >= Number.MAX_SAFE_INTEGER;
  return own
    .flatMap((part) =>
      LIMITS.filter((name) => part[name] !== undefined && !isHuge(part[name])).map(
        (name) => `${name} ${JSON.stringify(part[name])}`,
      ),
    )
    .join(", ");
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`);
  return `<table><tbody>${lines.join("")}</tbody></table>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
