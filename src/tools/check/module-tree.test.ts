import { expect, test } from "vitest";
import { formatTree, moduleTree } from "./module-tree.js";

const layer = (n: number, kind: string) => [
  { name: `model.layers.${n}`, class: kind },
  { name: `model.layers.${n}.mlp`, class: "MLP" },
];
const tree = (...kinds: string[]): string[] =>
  formatTree(
    moduleTree(
      [{ name: "", class: "Model" }, { name: "model", class: "Inner" }, ...kinds.flatMap((kind, n) => layer(n, kind))],
      [],
    ),
  ).map((line) => line.replace(/ +/g, " "));

test("equal layers are one entry", () => {
  expect(tree("Layer", "Layer", "Layer")).toEqual([
    "Model Model",
    " model Inner",
    " layers.0 … 2 (3 alike) Layer",
    " mlp MLP",
  ]);
});

test("layers that alternate are one entry for each kind, others stand alone", () => {
  expect(tree("Dense", "Full", "Window", "Full", "Window")).toEqual([
    "Model Model",
    " model Inner",
    " layers.0 Dense",
    " mlp MLP",
    " layers.1 … 3 (2 alike, every 2nd) Full",
    " mlp MLP",
    " layers.2 … 4 (2 alike, every 2nd) Window",
    " mlp MLP",
  ]);
});
