/** ProgramPlace: what an engine in another process must know of the program that started it. */
import { programsArchitectures } from "../models/registrants.js";
import { applicationFolder } from "./find-plugins.js";

/** Plain data. */
export interface ProgramPlace {
  /** Folder of the application: the plugins of its dependencies are loaded. */
  readonly application: string;
  /** Architectures that the program registered itself: classes and functions stay where they are. */
  readonly architectures: readonly string[];
}

/** Of this process. */
export function programPlace(): ProgramPlace {
  return { application: applicationFolder(process.argv[1], process.cwd()), architectures: programsArchitectures() };
}
