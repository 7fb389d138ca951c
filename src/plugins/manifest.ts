/** package.json files, as far as plugins need them. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../util/errors.js";
import { messageOf, showValue } from "../util/text.js";

/** One package on disk. */
export interface Manifest {
  /** Folder of the package, links resolved. */
  readonly folder: string;
  /** Path of its package.json. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Names of the packages that it asks for itself. */
  readonly dependencies: readonly string[];
  /** Range of quirelm that it can work with; undefined: it does not say. */
  readonly peerRange: string | undefined;
  /** Path of the module that `"quirelm": { "plugin": "./dist/plugin.js" }` names. */
  readonly plugin: string | undefined;
}

/** The package.json nearest to a folder, upwards; undefined if there is none. @throws ConfigError as readManifest */
export function nearestManifest(folder: string): Manifest | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return readManifest(at);
    if (at === dirname(at)) return undefined;
  }
}

/** A package that is installed for modules in `folder`: node_modules there, or in a folder above. @throws ConfigError as readManifest */
export function installedManifest(name: string, folder: string): Manifest | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = join(at, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return readManifest(found);
    if (at === dirname(at)) return undefined;
  }
}

/** @throws ConfigError when package.json is no JSON object, or its `quirelm.plugin` is no path inside the package */
export function readManifest(given: string): Manifest {
  const folder = realpathSync(given);
  const path = join(folder, "package.json");
  const raw = parse(path);
  const field = raw.quirelm;
  const plugin = isObject(field) ? field.plugin : undefined;
  if (plugin !== undefined && (typeof plugin !== "string" || !isInside(folder, plugin)))
    throw new ConfigError(
      `${path}: quirelm.plugin must be the path of a module inside the package, like "./dist/plugin.js", got ${showValue(plugin)}`,
    );
  return {
    folder,
    path,
    name: typeof raw.name === "string" ? raw.name : folder,
    version: typeof raw.version === "string" ? raw.version : "",
    dependencies: [raw.dependencies, raw.optionalDependencies, raw.devDependencies].flatMap((list) =>
      isObject(list) ? Object.keys(list) : [],
    ),
    peerRange: isObject(raw.peerDependencies) ? text(raw.peerDependencies.quirelm) : undefined,
    plugin: typeof plugin === "string" ? resolve(folder, plugin) : undefined,
  };
}

function parse(path: string): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError(`${path}: it is read to find plugins, and is no JSON: ${messageOf(cause)}`, { cause });
  }
  return isObject(raw) ? raw : {};
}

function isInside(folder: string, path: string): boolean {
  return path !== "" && resolve(folder, path).startsWith(join(folder, "/"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
