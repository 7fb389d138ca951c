import type { Platform, RunTrace } from "../platform.js";
import type { NativePiece, ProgramPiece } from "./cpu-program.js";
/**
 * Runs pieces in order.
 * @param runNatives runs neighbouring native pieces in one go
 * @param workspace  what offsets count from
 * @throws QuireError naming the op when a reference throws
 */
export declare function runPieces(pieces: readonly ProgramPiece[], memory: Pick<Platform, "read" | "write">, workspace: number, runNatives: (pieces: readonly ProgramPiece<NativePiece>[]) => Promise<RunTrace>, threads: number): Promise<RunTrace>;
