/** Which module of the reference is which of the port: by names, by the model's renames, and where names differ by the weights. */
import { textTensorName } from "../../../config/text-config.js";
import type { ConstructedModel } from "../../../worker/load-model.js";
import type { Dump } from "./dump.js";

/** Both ways between the reference's names and the port's. */
export interface Names {
  /** The reference's module whose weight a source of the port is; the source's name is a checkpoint name after renames. */
  moduleOfSource(source: string): string | undefined;
  /** The reference's module that a module of the port is, by name alone. */
  moduleOfPort(name: string): string | undefined;
  /** The dump's weights that are not those of the checkpoint: [reference's name, checkpoint's name]. */
  readonly foreign: readonly (readonly [string, string])[];
}

export function matchNames(dump: Dump, constructed: ConstructedModel): Names {
  const sources = new Set(
    constructed.parameters.declared.flatMap(({ spec }) => spec.parts.map((part) => part.source.name)),
  );
  const stored = new CheckpointStarts(constructed);
  const bySource = new Map<string, string>();
  const foreign: [string, string][] = [];
  const left: { module: string; shape: readonly number[]; start: readonly number[] }[] = [];
  for (const [module, { weights }] of dump.modules)
    for (const [key, [shape, start]] of Object.entries(weights)) {
      const full = module === "" ? key : `${module}.${key}`;
      const source = candidates(full, constructed).find((name) => sources.has(name));
      if (source === undefined) {
        left.push({ module, shape, start });
        continue;
      }
      if (!bySource.has(source)) bySource.set(source, module);
      if (stored.differs(source, shape, start)) foreign.push([full, source]);
    }
  const free = new Map<string, string[]>();
  if (left.length > 0)
    for (const source of sources) {
      const key = bySource.has(source) ? undefined : stored.key(source);
      if (key !== undefined) free.set(key, [...(free.get(key) ?? []), source]);
    }
  for (const { module, shape, start } of left) {
    const source = free.get(startKey(shape, start))?.shift();
    if (source !== undefined) bySource.set(source, module);
  }
  const ported = portNames(dump, bySource);
  return {
    moduleOfSource: (source) => bySource.get(source),
    moduleOfPort: (name) => ported(name),
    foreign,
  };
}

const roots = /^(model|transformer|backbone|gpt_neox|language_model|decoder|base_model)\./;

/** What a weight of the reference may be called by the port: renamed, and with other first words. */
function candidates(name: string, { modelClass, raw }: ConstructedModel): string[] {
  const rename = (text: string): string => {
    const rule = modelClass.renames?.find(([from]) => from.test(text));
    return rule ? text.replace(rule[0], rule[1]) : text;
  };
  const bare = name.replace(roots, "");
  const words = [
    "model",
    "transformer",
    "backbone",
    "gpt_neox",
    "language_model.model",
    "model.language_model",
    String(raw.model_type),
  ];
  const all = [name, bare, bare.replace(roots, ""), ...words.map((word) => `${word}.${bare}`)];
  return [...new Set([...all.map(rename), ...all])];
}

/** From a port's module name to the reference's, learnt from the weights that both have. */
function portNames(dump: Dump, bySource: ReadonlyMap<string, string>): (name: string) => string | undefined {
  const learnt = new Map<string, string>();
  for (const [source, module] of bySource) {
    let port = source.split(".").slice(0, -1);
    let reference = module.split(".");
    while (port.length > 0 && reference.length > 0) {
      const [name, other] = [port.join("."), reference.join(".")];
      if (!learnt.has(name)) learnt.set(name, other);
      if (port.at(-1) !== reference.at(-1)) break;
      [port, reference] = [port.slice(0, -1), reference.slice(0, -1)];
    }
  }
  return (name) => {
    if (name === "") return "";
    for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
      const other = learnt.get(name.slice(0, end));
      if (other === undefined) continue;
      const full = other + name.slice(end);
      if (dump.modules.has(full)) return full;
    }
    return dump.modules.has(name) ? name : undefined;
  };
}

/** The first values of the checkpoint's tensors. */
class CheckpointStarts {
  private readonly constructed: ConstructedModel;
  private readonly known = new Map<string, { shape: readonly number[]; start: Float32Array } | undefined>();
  private readonly byName = new Map<string, string>();

  constructor(constructed: ConstructedModel) {
    this.constructed = constructed;
    for (const stored of constructed.checkpoint?.tensors.keys() ?? []) {
      const name = constructed.nestedIn === undefined ? stored : (textTensorName(stored) ?? stored);
      const rule = constructed.modelClass.renames?.find(([from]) => from.test(name));
      this.byName.set(rule ? name.replace(rule[0], rule[1]) : name, stored);
    }
  }

  /** Equal for equal shapes and first values. */
  key(source: string): string | undefined {
    const own = this.read(source);
    return own && startKey(own.shape, [...own.start]);
  }

  differs(source: string, shape: readonly number[], start: readonly number[]): boolean {
    const own = this.read(source);
    return own !== undefined && (String(own.shape) !== String(shape) || !isEqual(own.start, start));
  }

  /** Undefined where values are stored in blocks, or cannot be read. */
  private read(source: string): { shape: readonly number[]; start: Float32Array } | undefined {
    if (this.known.has(source)) return this.known.get(source);
    const value = this.readNow(source);
    this.known.set(source, value);
    return value;
  }

  private readNow(source: string): { shape: readonly number[]; start: Float32Array } | undefined {
    const { checkpoint } = this.constructed;
    const info = checkpoint?.tensors.get(this.byName.get(source) ?? source);
    if (!checkpoint || !info || (info.storage !== "f32" && info.storage !== "bf16")) return undefined;
    const count = Math.min(
      4,
      info.shape.reduce((a, b) => a * b, 1),
    );
    const width = info.storage === "f32" ? 4 : 2;
    const bytes = new Uint8Array(width * count);
    checkpoint.read(info.name, 0, bytes.length, bytes);
    if (width === 4) return { shape: info.shape, start: new Float32Array(bytes.buffer) };
    const bits = Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16);
    return { shape: info.shape, start: new Float32Array(bits.buffer) };
  }
}

function startKey(shape: readonly number[], start: readonly number[]): string {
  return `${shape.join("x")}|${start.map((value) => Math.fround(value)).join(" ")}`;
}

function isEqual(a: Float32Array, b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= 1e-6 * Math.abs(value) + 1e-12);
}
