/** Discovery, the allow-list, and what is told, in applications made for the purpose. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkCrossesProcesses, loadModelClass, registerModel } from "../models/registry.js";
import { ConfigError } from "../util/errors.js";
import { packageRoot, packageVersion } from "../util/package-root.js";
import { applicationFolder, findPlugins } from "./find-plugins.js";
import { loadPlugins } from "./load-plugins.js";

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "quire-plugins-")))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | object): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content));
  return full;
}

/** A package in node_modules whose plugin registers `architecture`. */
function install(name: string, architecture: string, manifest: object = {}): void {
  write(`node_modules/${name}/package.json`, {
    ...{ name, version: "1.2.0", type: "module", quirelm: { plugin: "./dist/plugin.js" } },
    ...manifest,
  });
  const source = `export default (quire) => quire.registerModel("${architecture}", () => import("./model.js"));`;
  write(`node_modules/${name}/dist/plugin.js`, source);
}

async function load(names: string[] = [], allowList?: string[]) {
  const lines: string[] = [];
  const surroundings = { application: folder, workingDirectory: folder, allowList };
  const { note } = await loadPlugins(names, (line) => lines.push(line), surroundings);
  return { lines, note };
}

describe("discovery", () => {
  test("plugins of direct dependencies are loaded, each with one line; others are not", async () => {
    write("package.json", { dependencies: { "with-plugin": "1", "@scope/other": "1", plain: "1", absent: "1" } });
    install("with-plugin", "FirstForCausalLM");
    install("@scope/other", "SecondForCausalLM");
    install("not-asked-for", "ThirdForCausalLM");
    write("node_modules/plain/package.json", { name: "plain", version: "1.0.0" });
    const { lines } = await load();
    expect(lines).toEqual([
      `plugin with-plugin 1.2.0 from file://${folder}/node_modules/with-plugin/dist/plugin.js, dependency in ${folder}/package.json: FirstForCausalLM`,
      expect.stringMatching(/^plugin @scope\/other 1\.2\.0 from .*: SecondForCausalLM$/),
    ]);
    const error = await loadModelClass(["ThirdForCausalLM"]).catch((e: Error) => e.message);
    expect(error).toMatch(
      /"ThirdForCausalLM" is not supported; nearest: .*Supported: .*FirstForCausalLM.*SecondForCausalLM/,
    );
  });

  test("the application is found from a folder inside it, and its own plugin is loaded", async () => {
    write("package.json", { name: "my-model", quirelm: { plugin: "./plugin.mjs" } });
    write("plugin.mjs", `export default () => {};`);
    write("scripts/run.mjs", "");
    const [found] = findPlugins([], join(folder, "scripts"), "/");
    expect(found).toMatchObject({ name: "my-model", origin: `the application's own, ${folder}/package.json` });
  });

  test("a linked package is one plugin, however it is named", async () => {
    write("package.json", { dependencies: { linked: "1" } });
    write("elsewhere/package.json", { name: "linked", quirelm: { plugin: "p.mjs" } });
    write("elsewhere/p.mjs", "export default () => {};");
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(folder, "elsewhere"), join(folder, "node_modules/linked"));
    expect(findPlugins(["./elsewhere/p.mjs", "linked"], folder, folder)).toHaveLength(1);
  });

  test.each([
    [
      "is no path",
      { quirelm: { plugin: 1 } },
      /quirelm\.plugin must be the path of a module inside the package, .*got 1/,
    ],
    ["leaves the package", { quirelm: { plugin: "../x.js" } }, /inside the package, .*got "\.\.\/x\.js"/],
    ["is not there", { quirelm: { plugin: "./none.js" } }, /plugin "bad" could not be loaded: .*none\.js/],
  ])("a plugin that %s stops the start", async (_, manifest, message) => {
    write("package.json", { dependencies: { bad: "1" } });
    install("bad", "BadForCausalLM", manifest);
    const error = await load().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(message);
  });

  test("the application is the main module's, or the working directory's under a tool", () => {
    const main = write("app/main.mjs", "");
    const tool = write("app/node_modules/.bin/quire", "");
    expect(applicationFolder(main, "/work-dir")).toBe(join(folder, "app"));
    expect(applicationFolder(tool, "/work-dir")).toBe("/work-dir");
    expect(applicationFolder(join(packageRoot, "src/cli/main.ts"), "/work-dir")).toBe("/work-dir");
    expect(applicationFolder(undefined, "/work-dir")).toBe("/work-dir");
  });
});

describe("names", () => {
  test("a package is found by name without being a dependency", async () => {
    install("by-name", "ByNameForCausalLM");
    const { lines } = await load(["by-name"]);
    expect(lines.join()).toMatch(/^plugin by-name 1\.2\.0 from .*, named by --plugin or plugins: ByNameForCausalLM$/);
  });

  test("a package that names no plugin says so", async () => {
    write("node_modules/mute/package.json", { name: "mute", exports: { import: "./x.js" } });
    await expect(load(["mute"])).rejects.toThrow(/plugin "mute": its package names no plugin; add "quirelm"/);
  });

  test("QUIRE_PLUGINS lets only those through that it names, and the error about an architecture says so", async () => {
    write("package.json", { dependencies: { wanted: "1", unwanted: "1" } });
    install("wanted", "WantedForCausalLM");
    install("unwanted", "UnwantedForCausalLM");
    const { lines, note } = await load([], ["wanted"]);
    expect(lines[0]).toMatch(/WantedForCausalLM$/);
    expect(lines[1]).toBe("plugin unwanted is not loaded: QUIRE_PLUGINS allows wanted");
    await expect(loadModelClass(["UnwantedForCausalLM"], note)).rejects.toThrow(
      /"UnwantedForCausalLM" is not supported.*QUIRE_PLUGINS kept out the plugins unwanted\./,
    );
    expect((await load([], [])).note).toMatch(/wanted, unwanted/);
    expect((await load(["wanted"], ["other"])).lines.join()).toMatch(/plugin wanted is not loaded/);
  });
});

describe("what is told", () => {
  test("a built-in architecture that is replaced", async () => {
    install("replacing", "OPTForCausalLM");
    const { lines } = await load(["replacing"]);
    expect(lines[0]).toBe("plugin replacing: architecture OPTForCausalLM replaces that of Quire");
  });

  test("a peer range that this version is not in, and again when the plugin fails", async () => {
    install("from-the-future", "X", { peerDependencies: { quirelm: "^99.1.0" } });
    expect((await load(["from-the-future"])).lines[0]).toMatch(
      /^WARNING: plugin from-the-future wants quirelm \^99\.1\.0, this is \d+\.\d+\.\d+ in .*; install versions that go together$/,
    );
    install("broken", "X", { peerDependencies: { quirelm: "^99.1.0" } });
    write("node_modules/broken/dist/plugin.js", `throw new Error("no such export");`);
    await expect(load(["broken"])).rejects.toThrow(/no such export \(it wants quirelm \^99/);
  });

  test("nothing of ranges that fit, prereleases as npm has them, and of what is no range", async () => {
    let count = 0;
    const told = async (range: string) => {
      const name = `ranged-${count++}`;
      install(name, "X", { peerDependencies: { quirelm: range } });
      return (await load([name])).lines.some((line) => line.startsWith("WARNING"));
    };
    const [major, minor] = packageVersion().split(".").map(Number) as [number, number];
    const next = `${major}.${minor + 1}.0`;
    for (const range of [
      `>=${major}.${minor}.0-rc.1`,
      `^${major}.${minor}.0 || 99.x`,
      "*",
      "",
      "latest",
      "workspace:*",
      "file:../q",
    ])
      expect(await told(range), range).toBe(false);
    for (const range of [`>=${next}-rc.1 <99`, `${packageVersion()}-beta.1`, "99 - 100"])
      expect(await told(range), range).toBe(true);
  });

  test("a plugin that brings a second copy of quirelm stops the start with both paths", async () => {
    const copies = (globalThis as never)[Symbol.for("quirelm.copies")] as Set<string>;
    install("twin", "X");
    write("node_modules/twin/dist/plugin.js", `globalThis[Symbol.for("quirelm.copies")].add("/twin/quirelm/dist/");`);
    try {
      await expect(load(["twin"])).rejects.toThrow(
        /plugin "twin": 2 copies of quirelm are in this process: .*\/src\/ and \/twin\/quirelm\/dist\/; .*peerDependencies/,
      );
      await expect(load()).rejects.toThrow(/2 copies of quirelm/);
    } finally {
      copies.delete("/twin/quirelm/dist/");
    }
  });

  test("a class of the program cannot be sent to another process; a plugin's name can", async () => {
    registerModel("OwnForCausalLM", () => Promise.resolve({}));
    expect(() => checkCrossesProcesses("OwnForCausalLM")).toThrow(/another process.*name a module instead/);
    install("named", "NamedForCausalLM");
    await load(["named"]);
    checkCrossesProcesses("NamedForCausalLM");
    checkCrossesProcesses("LlamaForCausalLM");
  });
});
