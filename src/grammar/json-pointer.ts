/** $ref: finds what it names within the same schema. */
import { FormError } from "./grammar-writer.js";
import { isSchema } from "./schema-merge.js";
import type { AnySchema } from "./schema-merge.js";

/**
 * @param ref  "#", "#/$defs/name" or "#anchor"
 * @param path where it stands, for errors
 * @throws FormError if there is nothing, or it is in another document
 */
export function resolvePointer(root: AnySchema, ref: unknown, path: string): AnySchema {
  const where = path === "" ? "" : `${path}: `;
  if (typeof ref !== "string") throw new FormError(`${where}$ref must be text`);
  const own = typeof root === "object" ? root.$id : undefined;
  const local = typeof own === "string" && ref.startsWith(`${own}#`) ? ref.slice(own.length) : ref;
  if (!local.startsWith("#")) {
    throw new FormError(
      `${where}$ref ${JSON.stringify(ref.slice(0, 80))} is not within the schema; only "#/…" is supported`,
    );
  }
  const found = local === "#" ? root : local.startsWith("#/") ? follow(root, local) : anchored(root, local.slice(1));
  if (isSchema(found)) return found;
  throw new FormError(`${where}Cannot find field ${JSON.stringify(ref.slice(0, 80))} that $ref names`);
}

function follow(root: AnySchema, pointer: string): unknown {
  let value: unknown = root;
  for (const part of pointer.slice(2).split("/")) {
    const name = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function anchored(root: unknown, name: string): unknown {
  if (typeof root !== "object" || root === null) return undefined;
  if ((root as { $anchor?: unknown }).$anchor === name) return root;
  for (const child of Object.values(root)) {
    const found = anchored(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
