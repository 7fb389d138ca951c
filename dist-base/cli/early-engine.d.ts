/** The engine's process of `quire serve`, started before the command line is read: node needs 50 ms to start, and the flags as long. */
import { EngineChild } from "../engine/engine-child.js";
/** Starts it where the command line looks as if it will be needed. A command that does not take it leaves it to end with this process. */
export declare function startEarly(argv: readonly string[]): void;
/** The process, once; undefined if there is none. */
export declare function takeEarly(): EngineChild | undefined;
