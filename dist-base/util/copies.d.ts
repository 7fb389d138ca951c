/** Folders of the compiled modules of each copy; this one's among them. */
export declare function copiesOfQuire(): readonly string[];
/**
 * @param where what was loaded last, for the message: `plugin "x"`
 * @throws ConfigError with the folders of all copies, when there are two or more
 */
export declare function checkOneCopy(where: string, copies?: readonly string[]): void;
