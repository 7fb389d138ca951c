/** Writes docs/models.md from the registry and the golden cases: npx tsx test/support/models-page.ts */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { supportedArchitectures } from "../../src/models/registry.js";
import { startingPoints } from "../../src/tools/new-model/new-model.js";
import { packageRoot } from "../../src/util/package-root.js";
import { goldenCases } from "./golden.js";

export interface ModelRow {
  readonly architecture: string;
  /** In src/models. */
  readonly file: string;
  /** The first sentence of the file. */
  readonly about: string;
  /** Names of golden cases. */
  readonly goldens: readonly string[];
}

/** One row an architecture, sorted. */
export function modelRows(): ModelRow[] {
  const models = startingPoints();
  const goldens = goldenCases().map(({ name, source }) => {
    const config = JSON.parse(readFileSync(join(source, "config.json"), "utf8")) as { architectures?: string[] };
    return { name, architecture: config.architectures?.[0] };
  });
  return supportedArchitectures().map((architecture) => {
    const model = models.find(({ classes }) => classes.includes(architecture));
    const about = /^\/\*\*\s*(?:\* )?(.*?)\.? (?:Follows|$)/m.exec(model?.source ?? "")?.[1] ?? "";
    return {
      architecture,
      file: `${model?.name ?? "?"}.ts`,
      about,
      goldens: goldens.filter((golden) => golden.architecture === architecture).map(({ name }) => name),
    };
  });
}

/** The page, formatted. */
export function modelsPage(): Promise<string> {
  const rows = modelRows().map(
    ({ architecture, file, about, goldens }) =>
      `| \`${architecture}\` | [${file}](../src/models/${file}) | ${about} | ${goldens.join(", ") || "as the file's others"} |`,
  );
  const text = `# Models

Architectures in Quire, from \`src/models/registry.ts\`; this page is written by \`npx tsx test/support/models-page.ts\`. Every golden case is a tiny checkpoint with logits and tokens of Hugging Face
Transformers in float32: on every platform and instruction set, logits are within 1e-4 of their standard deviation, and greedy tokens are equal where the two best are further apart than that. Another
architecture is a short file: [adding-a-model.md](adding-a-model.md).

| architecture | file | what it is | golden cases |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { parser: "markdown", printWidth: 120 });
}

export const modelsPagePath = join(packageRoot, "docs/models.md");

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(modelsPagePath, await modelsPage());
