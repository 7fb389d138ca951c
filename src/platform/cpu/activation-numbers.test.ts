/** The kernels' numbering of activations is the ops' own. */
import { expect, test } from "vitest";
import { activationFunctions } from "../../ops/activation.js";
import { activationNumbers } from "./lowering/attributes.js";

test("activations are numbered alike", () => {
  expect(activationNumbers).toEqual([...activationFunctions]);
});
