/** Finds the case tables: every `<op>.cases.ts` of this folder. */
import { readdirSync } from "node:fs";
import type { CaseTable } from "./op-case.js";

export async function loadTables(): Promise<CaseTable[]> {
  const files = readdirSync(new URL(".", import.meta.url)).filter((file) => file.endsWith(".cases.ts"));
  return Promise.all(files.sort().map((file) => import(`./${file.slice(0, -3)}.js`) as Promise<CaseTable>));
}
