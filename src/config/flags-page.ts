/** The page docs/flags.md, made from the schemas. */
import { engineSchema } from "./engine-config.js";
import { KNOWN_ELSEWHERE } from "./known-flags.js";
import { NO_EFFECT_FLAGS } from "./no-effect-flags.js";
import { OPTION_GROUPS, optionFields } from "./option.js";
import type { OptionField } from "./option.js";
import { serverSchema } from "./server-config.js";

/** What help and docs show for an option nobody gave: its default, or words. */
export function showDefault(field: OptionField): string {
  if (field.defaultText !== undefined) return field.defaultText;
  const value = field.default;
  if (value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" ");
  if (typeof value === "object") return JSON.stringify(value);
  return value === "" ? "none" : String(value);
}

/** Markdown: a table per group, then what vLLM has and Quire has not. */
export function flagsPage(): string {
  const fields = [...optionFields(engineSchema), ...optionFields(serverSchema)];
  const server = new Set(optionFields(serverSchema).map((field) => field.name));
  const parts = [
    "# Flags",
    "",
    "Flags of `quire serve`; `generate`, `chat` and `inspect` take those of the engine. In a program the same options are the",
    "fields of `new LLM({ ... })`, named in the second column. Names and defaults are vLLM's wherever it has the same thing.",
    "",
    "`--config FILE` reads flags from a YAML file: keys are flags without their dashes, lists and maps are YAML's own, and the command",
    "line wins over the file.",
    "",
  ];
  for (const group of OPTION_GROUPS) {
    const rows = fields.filter((field) => field.group === group);
    if (rows.length === 0) continue;
    parts.push(`## ${group}`, "", "| flag | option | default | values | what |", "| --- | --- | --- | --- | --- |");
    for (const field of rows) {
      const cells = [
        flagCell(field),
        server.has(field.name) ? `\`${field.name}\` (server)` : `\`${field.name}\``,
        showDefault(field),
        field.expected,
        field.env === undefined ? field.description : `${field.description} Environment: \`${field.env}\`.`,
      ];
      parts.push(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
    }
    parts.push("");
  }
  parts.push("## Taken without effect", "", "Flags of vLLM that change nothing here; a line in the log says so.", "");
  for (const { flag, values, note } of NO_EFFECT_FLAGS) {
    const given = values === undefined ? "" : values === "any" ? " ..." : ` ${values.join("|")}`;
    parts.push(`- \`--${flag}${given}\`: ${note}`);
  }
  parts.push("", "## Known to vLLM, not in Quire", "", "Refused with this reason, never ignored.", "");
  const byReason = new Map<string, string[]>();
  const taken = new Set(NO_EFFECT_FLAGS.flatMap(({ flag, values }) => (Array.isArray(values) ? [] : [flag])));
  for (const [flag, reason] of KNOWN_ELSEWHERE) {
    if (taken.has(flag)) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `\`--${flag}\``]);
  }
  for (const [reason, flags] of byReason) parts.push(`- ${reason}: ${flags.join(", ")}`);
  return `${parts.join("\n")}\n`;
}

function flagCell(field: OptionField): string {
  const long = field.flags.map((flag) => `\`--${flag}\``);
  if (field.kind === "boolean") long.push(`\`--no-${field.flags[0]}\``);
  return [...(field.short === undefined ? [] : [`\`-${field.short}\``]), ...long].join(", ");
}
