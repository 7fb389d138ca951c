/** What the search for a cause works with: a segment that gives wrong numbers, and everything that the reference said around it. */
import type { Tensor } from "../../../tensor/tensor.js";
import type { ConstructedModel } from "../../../worker/load-model.js";
import { distance } from "../reference/difference.js";
import type { Dump } from "../reference/dump.js";
import { moduleOf } from "../reference/dump.js";
import type { Segment } from "../reference/segment.js";
import { columnRange } from "../reference/segment.js";

/** Why the numbers differ. Confirmed: with it, they agree. */
export interface Cause {
  readonly text: string;
  readonly confirmed: boolean;
  /** The change that did it, for other layers. */
  readonly variant?: string;
}

/** A value of the reference, as long as the one that is wrong. */
export interface Neighbour {
  /** "model.layers.0.mlp.down_proj:out" */
  readonly label: string;
  readonly values: Float32Array;
}

export interface NamedNumber {
  readonly value: number;
  readonly name: string;
}

export interface EvidenceParts {
  readonly segment: Segment;
  readonly dump: Dump;
  readonly constructed: ConstructedModel;
  /** Call of the reference whose input or output is wrong; "" for the logits. */
  readonly call: string;
  readonly side: "in" | "out";
  readonly tolerance: number;
}

const numberForms: readonly [string, (x: number) => number][] = [
  ["", (x) => x],
  ["1 / ", (x) => 1 / x],
  ["sqrt of ", Math.sqrt],
  ["1 / sqrt of ", (x) => 1 / Math.sqrt(x)],
];

export class Evidence {
  readonly segment: Segment;
  readonly dump: Dump;
  readonly constructed: ConstructedModel;
  readonly call: string;
  readonly side: "in" | "out";
  readonly tolerance: number;
  private cachedNeighbours: Neighbour[] | undefined;
  private cachedNumbers: NamedNumber[] | undefined;

  constructor(parts: EvidenceParts) {
    this.segment = parts.segment;
    this.dump = parts.dump;
    this.constructed = parts.constructed;
    this.call = parts.call;
    this.side = parts.side;
    this.tolerance = parts.tolerance;
  }

  /** Whether values are the reference's, and clearly nearer to it than the port's own. */
  agrees(values: Float32Array | undefined): boolean {
    if (!values) return false;
    const now = distance(values, this.segment.wanted);
    return now <= this.tolerance && now < this.segment.distance / 4;
  }

  /** Values of the reference from the segment's beginning up to its end, without repetitions. */
  neighbours(): readonly Neighbour[] {
    this.cachedNeighbours ??= this.findNeighbours();
    return this.cachedNeighbours;
  }

  /** Numbers of the config and of the reference's modules around the place. */
  numbers(): readonly NamedNumber[] {
    this.cachedNumbers ??= this.findNumbers();
    return this.cachedNumbers;
  }

  /** "8 (sqrt of hidden_size)" where a number can be explained; names that share a word with `about` come first. */
  explain(value: number, about = ""): string {
    const shown = Number(value.toPrecision(6)).toString();
    const isNear = (other: number): boolean => Math.abs(value - other) <= 2e-5 * Math.abs(value);
    const words = about
      .split(/(?=[A-Z])|_/)
      .filter((word) => word.length > 2)
      .map((word) => word.toLowerCase());
    const isAbout = ({ name }: NamedNumber): boolean => words.some((word) => name.toLowerCase().includes(word));
    const numbers = [...this.numbers().filter(isAbout), ...this.numbers().filter((number) => !isAbout(number))];
    for (const [text, form] of numberForms)
      for (const { value: number, name } of numbers)
        if (number > 0 && number !== 1 && isNear(form(number))) return `${shown} (${text}${name})`;
    return shown;
  }

  /** The same for a number that something is multiplied by. */
  explainFactor(value: number): string {
    return this.explain(value, "scale_scaling_multiplier");
  }

  /** A tensor of the segment in words: the reference's name for it, or the op that made it. */
  describe(tensor: Tensor): string {
    const { address } = tensor.storage;
    const known = this.segment.known.find((value) => value.tensor.storage.address === address);
    const range = columnRange(tensor);
    const isOf = (text: string): boolean =>
      known!.columns.get(text)?.some((column) => column >= range[0] && column < range[1]) ?? true;
    const labels = known?.labels.filter(isOf) ?? [];
    const label = labels.find((text) => text.endsWith(":out")) ?? labels[0];
    if (label !== undefined) {
      const size = known!.columns.get(label)?.length ?? known!.tensor.numElements / known!.tensor.size(0);
      const part = range[1] - range[0] < size ? `columns ${range[0]} to ${range[1] - 1} of ` : "";
      return `${part}the ${label.endsWith(":in") ? "input" : "output"} of ${label.replace(/:[^:]*$/, "")}`;
    }
    const maker = this.segment.records.find(({ outputs }) =>
      outputs.some((output) => output.storage.address === address),
    );
    return maker ? `the output of ${maker.op} in ${maker.scope || "the model"}` : tensor.storage.label;
  }

  /** Calls of the reference from the layer before the segment's beginning up to its end. */
  nearCalls(): string[] {
    const { calls } = this.dump;
    const index = (call: string): number => calls.indexOf(call);
    // What a module gives is made of what its own modules give.
    const isOwn = (call: string): boolean => call === this.call || call.startsWith(`${this.call}.`);
    const last = this.side === "out" ? calls.findLastIndex(isOwn) : index(this.call);
    const end = this.call === "" ? calls.length : Math.max(0, last);
    const starts = this.segment.known.flatMap(({ labels }) =>
      labels.map((label) => index(label.replace(/:[^:]*$/, ""))),
    );
    const nearest = Math.min(end, ...starts.filter((i) => i >= 0));
    const begin = Math.max(0, Math.min(nearest - 3, this.startOfLayerBefore(calls[end] ?? calls.at(-1)!)));
    return calls.slice(begin, end + 1).filter((call) => call !== "" && !/rotary/i.test(this.dump.classOf(call)));
  }

  private findNeighbours(): Neighbour[] {
    const { calls } = this.dump;
    const features = this.segment.wanted.length / this.segment.numTokens;
    const found: Neighbour[] = [];
    const own = `${this.call}:${this.side}`;
    // Leaves first: their names say more than those of the modules around them.
    const isLeaf = (call: string): boolean => !calls.some((other) => other.startsWith(`${moduleOf(call)}.`));
    const window = this.nearCalls();
    for (const call of [...window.filter(isLeaf), ...window.filter((call) => !isLeaf(call))])
      for (const key of this.dump.keys(call)) {
        const side = key.slice(key.lastIndexOf(":") + 1);
        if (key.startsWith(own)) continue;
        // What a module around the target gives comes later than the target.
        if (this.call.startsWith(`${call}.`) && side.startsWith("out")) continue;
        const values = this.dump.rows(key, features);
        if (!values || found.some((other) => distance(values, other.values) < 1e-7)) continue;
        // A module around the target, or before it, that only hands the target on says nothing.
        if (!isLeaf(call) && distance(values, this.segment.wanted) < 1e-7) continue;
        found.push({ label: `${call}:${side.replace(/\.(0|hidden_states)$/, "")}`, values });
        if (found.length >= 48) return found;
      }
    return found;
  }

  /** Index of the first call of the layer before a call's own; 0 outside layers. */
  private startOfLayerBefore(call: string): number {
    const layer = /^(.*?\.)(\d+)(?=\.|$)/.exec(call) ?? undefined;
    const { calls } = this.dump;
    if (!layer) return Math.max(0, calls.indexOf(call) - 40);
    const before = calls.indexOf(`${layer[1]}${Math.max(0, Number(layer[2]) - 1)}`);
    return before < 0 || layer[2] === "0" ? 0 : before;
  }

  private findNumbers(): NamedNumber[] {
    const found = new Map<string, number>();
    const add = (name: string, value: unknown): void => {
      if (typeof value === "number" && Number.isFinite(value) && !found.has(name)) found.set(name, value);
    };
    const visit = (config: object, path: string): void => {
      for (const [key, value] of Object.entries(config))
        if (typeof value === "object" && value !== null && !Array.isArray(value)) visit(value, `${path}${key}.`);
        else if (!/_id$|_ids$/.test(key)) add(`${path}${key}`, value);
    };
    visit(this.dump.config, "");
    visit(this.constructed.raw, "");
    const { hidden_size: hidden, num_attention_heads: heads } = this.dump.config;
    if (typeof hidden === "number" && typeof heads === "number") add("head_dim", hidden / heads);
    // Modules around the place, innermost first.
    const parts = moduleOf(this.call).split(".");
    for (let end = parts.length; end > 0; end--) {
      const name = parts.slice(0, end).join(".");
      const attributes = this.dump.modules.get(name)?.attributes ?? {};
      for (const [key, value] of Object.entries(attributes)) add(`${parts[end - 1]}.${key} of the reference`, value);
    }
    return [...found].map(([name, value]) => ({ value, name }));
  }
}
