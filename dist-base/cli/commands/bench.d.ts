/** `quire bench`: commands that measure. */
import type { CommandTable } from "../program.js";
export declare const commands: CommandTable;
