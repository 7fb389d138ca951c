/** Fields of quantization_config, checked one by one: a wrong one is a ConfigError with path, value and what is allowed. */
import { ConfigError } from "../util/errors.js";
import { showValue } from "../util/text.js";

/** One object of the config. */
export class SchemeConfig {
  private readonly scheme: string;
  private readonly raw: Readonly<Record<string, unknown>>;
  private readonly inside: string;

  /** @param inside where in quantization_config the object stands: "config_groups.group_0" */
  constructor(scheme: string, raw: Readonly<Record<string, unknown>>, inside = "") {
    this.scheme = scheme;
    this.raw = raw;
    this.inside = inside;
  }

  /** The field's place, for messages. */
  path(field: string): string {
    return `config.json: quantization_config.${this.inside === "" ? "" : `${this.inside}.`}${field} (${this.scheme})`;
  }

  /** @throws ConfigError */
  wrong(field: string, expected: string): never {
    throw new ConfigError(`${this.path(field)}: must be ${expected}; got ${showValue(this.raw[field])}`);
  }

  /** Whether the field is there and not null. */
  has(field: string): boolean {
    return this.raw[field] !== undefined && this.raw[field] !== null;
  }

  value(field: string): unknown {
    return this.raw[field] ?? undefined;
  }

  int(field: string, otherwise?: number): number {
    const value = this.raw[field] ?? otherwise;
    if (!Number.isSafeInteger(value)) this.wrong(field, "a whole number");
    return value as number;
  }

  boolean(field: string, otherwise: boolean): boolean {
    const value = this.raw[field] ?? otherwise;
    if (typeof value !== "boolean") this.wrong(field, "true or false");
    return value;
  }

  string(field: string, otherwise?: string): string {
    const value = this.raw[field] ?? otherwise;
    if (typeof value !== "string") this.wrong(field, "text");
    return value;
  }

  strings(field: string): readonly string[] {
    const value = this.raw[field] ?? [];
    if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) this.wrong(field, "a list of names");
    return value as string[];
  }

  record(field: string): Readonly<Record<string, unknown>> {
    const value = this.raw[field] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) this.wrong(field, "an object");
    return value as Record<string, unknown>;
  }
}
