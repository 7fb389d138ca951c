/** Errors of structured outputs: they name the field of the request, and carry what is wrong with it. */
import { RequestError } from "../util/errors.js";

/** @param field as the client wrote it: "response_format.json_schema.schema" */
export function fieldError(field: string, what: string): RequestError {
  return new RequestError(`${field}: ${what}`, { param: field.split(".")[0]! });
}
