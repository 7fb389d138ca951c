/** Holds the sources to the house rules: imports by the table, no circles, no barrels, short files. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { entryFiles, longFiles, mayImport } from "./rooms.js";

const source = fileURLToPath(new URL("../../src", import.meta.url));

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.(test|cases)\.ts$/.test(entry.name))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .sort();

const room = (file: string): string => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types vanish at run time and make no circle. */
  readonly isType: boolean;
}

const pattern = /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|import\(\s*"(\.[^"$]+)"\s*\)/gm;

const withoutComments = (text: string): string => text.replace(/\/\*[^]*?\*\//g, "");

const imports: Import[] = files.flatMap((file) =>
  [...withoutComments(readFileSync(join(source, file), "utf8")).matchAll(pattern)].map(([, type, named, lazy]) => ({
    from: file,
    to: posix.join(dirname(file), (named ?? lazy)!).replace(/\.js$/, ".ts"),
    isType: type !== undefined || lazy !== undefined,
  })),
);

describe("imports", () => {
  test("are found", () => {
    expect(imports.length).toBeGreaterThan(100);
    for (const { from, to } of imports) expect(files, `${from} imports ${to}`).toContain(to);
  });

  test("every room is in the table", () => {
    expect([...new Set(files.map(room))].filter((name) => name !== "" && !(name in mayImport))).toEqual([]);
  });

  test("follow the table of rooms", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        !entryFiles.includes(from) &&
        room(from) !== room(to) &&
        room(to) !== "util" &&
        !mayImport[room(from)]?.includes(room(to)),
    );
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test("the four nevers", () => {
    const never = (from: string[], to: string[]) =>
      imports.filter((i) => from.includes(room(i.from)) && to.includes(room(i.to))).map((i) => `${i.from} -> ${i.to}`);
    expect(never(["scheduler", "kv-cache"], ["tensor"])).toEqual([]);
    expect(never(["models", "layers"], ["request", "scheduler", "engine"])).toEqual([]);
    expect(never(["layers"], ["quantization"])).toEqual([]);
    const native = files.filter(
      (file) => room(file) !== "platform" && readFileSync(join(source, file), "utf8").includes("native-binding"),
    );
    expect(native).toEqual([]);
  });

  test("the page is browser code: it imports itself alone, and only the bundler reads it", () => {
    const isPage = (file: string) => file.startsWith("server/page/");
    const crossing = imports.filter(({ from, to }) => isPage(from) !== isPage(to));
    expect(crossing.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
    const ofNode = files.filter((file) => isPage(file) && /from "node:/.test(readFileSync(join(source, file), "utf8")));
    expect(ofNode).toEqual([]);
  });

  test("make no circle", () => {
    const next = new Map(
      files.map((file) => [file, imports.filter((i) => i.from === file && !i.isType).map((i) => i.to)]),
    );
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`circle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});

describe("files", () => {
  test("have at most 500 lines", () => {
    const long = files.filter(
      (file) => readFileSync(join(source, file), "utf8").split("\n").length > 501 && !(file in longFiles),
    );
    expect(long).toEqual([]);
  });

  test("package.json publishes exactly the entry files", () => {
    const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      exports: Record<string, { default: string }>;
    };
    const published = Object.values(exports).map((entry) => entry.default.replace(/^\.\/dist\/(.*)\.js$/, "$1.ts"));
    expect(published.sort()).toEqual([...entryFiles].sort());
    for (const file of published) expect(files).toContain(file);
  });

  test("no barrels but the entry files", () => {
    expect(files.filter((file) => /(^|\/)index\.ts$/.test(file) && !entryFiles.includes(file))).toEqual([]);
  });

  test("begin with a line that says what they are", () => {
    expect(
      files.filter((file) => !readFileSync(join(source, file), "utf8").startsWith("/**") && file !== "cli/main.ts"),
    ).toEqual([]);
  });

  test("only config reads the environment", () => {
    const readers = files.filter(
      (file) => room(file) !== "config" && /process\.env\b/.test(readFileSync(join(source, file), "utf8")),
    );
    expect(readers).toEqual([]);
  });
});
