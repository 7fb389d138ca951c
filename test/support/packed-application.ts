/** An empty application with packages as npm would install them: packed with `npm pack` and unpacked into its node_modules. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Quirelm is packed from dist/, which must be built; its dependencies are links to this repository's. */
export class PackedApplication {
  readonly folder: string;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "quire-application-")));
    this.write("package.json", JSON.stringify({ name: "application", type: "module", private: true }));
    this.install(repository);
    for (const name of installedPackages())
      if (name !== "quirelm") this.link(name, join(repository, "node_modules", name));
    const native = join(repository, "build/native");
    const installed = join(this.folder, "node_modules/quirelm");
    mkdirSync(join(installed, "build"), { recursive: true });
    if (existsSync(native)) symlinkSync(native, join(installed, "build/native"));
  }

  /** Packs a package's folder and unpacks it; returns where. */
  install(packageFolder: string, name = "quirelm"): string {
    const packed = join(this.folder, "packed");
    mkdirSync(packed, { recursive: true });
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", packed];
    const output = execFileSync("npm", args, {
      cwd: packageFolder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [{ filename }] = JSON.parse(output) as [{ filename: string }];
    const target = join(this.folder, "node_modules", name);
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", join(packed, filename), "-C", target, "--strip-components=1"]);
    return target;
  }

  /** Compiles a package's sources against the installed quirelm, and installs it as a dependency of the application. */
  installFromSource(source: string, name: string): string {
    const copy = join(this.folder, "sources", name);
    cpSync(source, copy, { recursive: true, filter: (path) => !/node_modules|dist$/.test(path.slice(source.length)) });
    mkdirSync(join(copy, "node_modules/@types"), { recursive: true });
    symlinkSync(join(this.folder, "node_modules/quirelm"), join(copy, "node_modules/quirelm"));
    symlinkSync(join(repository, "node_modules/@types/node"), join(copy, "node_modules/@types/node"));
    const compiled = spawnSync(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "-p", copy], {
      encoding: "utf8",
    });
    if (compiled.status !== 0) throw new Error(`${name} does not compile:\n${compiled.stdout}${compiled.stderr}`);
    return this.install(copy, name);
  }

  /** The application's package.json asks for these. */
  dependOn(...names: string[]): void {
    const dependencies = Object.fromEntries(names.map((name) => [name, "*"]));
    this.write("package.json", JSON.stringify({ name: "application", type: "module", private: true, dependencies }));
  }

  write(path: string, text: string): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }

  /** Runs node in the application's folder, or in one inside it. */
  run(args: readonly string[], environment: Record<string, string> = {}, folder = "."): Ran {
    const cwd = join(this.folder, folder);
    return spawnSync(process.execPath, args, { cwd, encoding: "utf8", env: { ...process.env, ...environment } });
  }

  /** Path of the command `quire`. */
  get command(): string {
    return join(this.folder, "node_modules/quirelm/dist/cli/main.js");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private link(name: string, target: string): void {
    const place = join(this.folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  }
}

function installedPackages(): string[] {
  const names = readdirSync(join(repository, "node_modules")).filter((name) => !name.startsWith("."));
  return names.flatMap((name) =>
    name.startsWith("@")
      ? readdirSync(join(repository, "node_modules", name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
}
