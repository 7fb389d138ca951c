/** @throws CheckpointError if the file is missing, too large, not UTF-8 or not one JSON object (with the line) */
export declare function readJsonFile(path: string): Record<string, unknown>;
/** config.json of a folder; nested configs (text_config) stay as they are. @throws CheckpointError as readJsonFile */
export declare function readConfig(folder: string): Record<string, unknown>;
/** generation_config.json of a folder, undefined if there is none. @throws CheckpointError as readJsonFile */
export declare function readGenerationConfig(folder: string): Record<string, unknown> | undefined;
