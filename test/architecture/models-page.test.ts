/** docs/models.md lists the architectures that there are. Golden cases may be newer than the page; wrong they may not be. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modelRows, modelsPage, modelsPagePath } from "../support/models-page.js";

const command = "docs/models.md is old: npx tsx test/support/models-page.ts writes it";
const page = readFileSync(modelsPagePath, "utf8");
const onPage = [...page.matchAll(/^\| `(\w+)` +\| \[([^\]]+)\]\([^)]+\) +\| (.*?) +\| (.*?) +\|$/gm)].map(
  ([, architecture, file, about, goldens]) => ({ architecture, file, about, goldens: goldens!.split(", ") }),
);

test("the page has the registry's architectures, each with its file", () => {
  const rows = modelRows();
  expect(
    onPage.map(({ architecture }) => architecture),
    command,
  ).toEqual(rows.map(({ architecture }) => architecture));
  for (const [i, row] of rows.entries()) {
    expect(onPage[i]!.file, command).toBe(row.file);
    expect(
      row.about,
      `${row.file} must begin with what the model is: /** Name: what it is. Follows HF modeling_x.py … */`,
    ).not.toBe("");
  }
});

test("every golden case on the page is there", () => {
  const rows = modelRows();
  for (const { architecture, goldens } of onPage) {
    const there = rows.find((row) => row.architecture === architecture)!.goldens;
    for (const name of goldens) if (name !== "as the file's others") expect(there, command).toContain(name);
  }
});

test("what the command writes is the page's form", async () => {
  expect((await modelsPage()).split("\n").slice(0, 6)).toEqual(page.split("\n").slice(0, 6));
});
