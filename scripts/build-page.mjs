/**
 * Bundles the pages at / and /dashboard: scripts by rolldown, style sheets joined, names with a hash of the content, so that browsers may
 * keep them for ever.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "src", "server", "page");
const read = (name) => readFileSync(join(folder, name), "utf8");

const styleSheets = {
  "chat.css": ["styles/base.css", "styles/chat.css", "styles/code.css", "styles/turn.css"],
  "dashboard.css": ["styles/base.css", "styles/dashboard.css"],
};

/**
 * @returns all files by name, as text: index.html and dashboard.html, and what they name in the folder "page/"; and the modules that
 *          the scripts were made of, for their licences
 */
export async function bundlePage() {
  const { rolldown } = await import("rolldown");
  const build = await rolldown({
    input: { chat: join(folder, "chat.ts"), dashboard: join(folder, "dashboard.ts") },
    platform: "browser",
    cwd: folder,
    tsconfig: join(folder, "tsconfig.json"),
    logLevel: "warn",
  });
  const { output } = await build.generate({
    format: "esm",
    minify: true,
    entryFileNames: "[name]-[hash].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await build.close();
  const files = new Map(output.map(({ fileName, code }) => [fileName, code]));
  const names = new Map(output.filter(({ isEntry }) => isEntry).map((entry) => [`${entry.name}.js`, entry.fileName]));
  const add = (name, text) => {
    const hash = createHash("sha256").update(text).digest("base64url").slice(0, 8);
    const hashed = name.replace(/\.\w+$/, (ending) => `-${hash}${ending}`);
    names.set(name, hashed);
    files.set(hashed, text);
  };
  for (const [name, parts] of Object.entries(styleSheets)) add(name, withoutSpace(parts.map(read).join("\n")));
  for (const name of ["icons.svg", "favicon.svg"]) add(name, read(name).replace(/>\s+</g, "><"));
  for (const name of ["index.html", "dashboard.html"]) files.set(name, html(name, names));
  return { files, modules: output.flatMap(({ moduleIds = [] }) => moduleIds) };
}

/** `{{name}}` is the hashed address of a file, `{{part}}` another HTML file; `{{base}}` is left for the server. */
function html(name, names) {
  const whole = read(name).replace("{{key-dialog}}", () => read("key-dialog.html").trimEnd());
  return whole.replace(/\{\{([\w.-]+)\}\}/g, (mark, key) => {
    if (key === "base") return mark;
    if (!names.has(key)) throw new Error(`${name}: there is no ${key}`);
    return `page/${names.get(key)}`;
  });
}

/** A style sheet without comments and indentation. No string in it holds either. */
function withoutSpace(css) {
  return css
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
}

// As a command: all files as one JSON object on standard output.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { files } = await bundlePage();
  process.stdout.write(JSON.stringify(Object.fromEntries(files)));
}
