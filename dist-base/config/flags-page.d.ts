import type { OptionField } from "./option.js";
/** What help and docs show for an option nobody gave: its default, or words. */
export declare function showDefault(field: OptionField): string;
/** Markdown: a table per group, then what vLLM has and Quire has not. */
export declare function flagsPage(): string;
