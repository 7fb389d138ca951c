/** Lists of module names in quantization configs. */

/** Whether a pattern names a module: its name, "re:" and a regular expression that matches from the beginning (Python's re.match). */
export function matchesName(pattern: string, module: string): boolean {
  if (!pattern.startsWith("re:")) return pattern === module;
  return pythonPattern(pattern.slice(3))?.test(module) === true;
}

/** A Python expression, anchored at the beginning; undefined where JavaScript cannot read it. */
export function pythonPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source.replaceAll("(?P<", "(?<")})`);
  } catch {
    return undefined;
  }
}
