/** Lines of a model file that its author had to think about: without imports, the config, comments and empty lines. */
export function modelLines(source: string): number {
  const code = source
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/^import\s[^]*?;$/gm, "")
    .replace(/^(export )?const config = hfConfig\([^]*?^\}\)\);$/m, "")
    .replace(/^type Config = .*$/m, "");
  return code.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}
