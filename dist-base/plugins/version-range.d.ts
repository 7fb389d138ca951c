/** Whether a version is in a range of npm's: `^1.2.0`, `~0.3`, `>=1 <3`, `1.x || 2`, `1.2 - 1.4`. For peer dependencies. */
/**
 * True too for ranges that are no versions (`latest`, `file:…`, `workspace:*`): they say nothing about this one. What stands
 * behind a `-` or `+` (`0.2.0-beta.1`) is left out of the comparison.
 */
export declare function isInRange(version: string, range: string): boolean;
