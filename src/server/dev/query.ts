/** Values of a URL's query, checked. */
import { RequestError } from "../../util/errors.js";

/** As Fastify parses it: a name that comes several times is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The last value; undefined where the name is missing. */
export function queryText(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" ? value : value?.at(-1);
}

/** All values. */
export function queryList(query: Query, name: string): string[] | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  return typeof value === "string" ? [value] : [...value];
}

/** @throws RequestError unless it is one of the words for true and false; `otherwise` where the name is missing */
export function queryBoolean(query: Query, name: string, otherwise: boolean): boolean {
  const text = queryText(query, name);
  if (text === undefined) return otherwise;
  if (/^(1|true|yes|on|t|y)$/i.test(text)) return true;
  if (/^(0|false|no|off|f|n)$/i.test(text)) return false;
  throw new RequestError(`${name}: expected true or false; got ${JSON.stringify(text.slice(0, 40))}`, { param: name });
}

/** @throws RequestError unless it is a whole number; `otherwise` where the name is missing */
export function queryInteger(query: Query, name: string, otherwise: number): number {
  const text = queryText(query, name);
  if (text === undefined) return otherwise;
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new RequestError(`${name}: expected an integer; got ${JSON.stringify(text.slice(0, 40))}`, { param: name });
}
