import { expect, test } from "vitest";
import { StepForecast } from "./step-forecast.js";

test("a step is planned shortly before the one before ends, by the quickest steps of its size", () => {
  const forecast = new StepForecast();
  expect(forecast.delay(1, 100, 101)).toBe(0);
  forecast.add(1, 50);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(44.5, 9);
  expect(forecast.delay(1, 100, 149)).toBe(0);
  expect(forecast.delay(2, 100, 101)).toBe(0);
  // The machine was busy once.
  forecast.add(1, 130);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(54.1, 9);
  forecast.add(1, 40);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(34.9, 9);
  // Steps that grow are followed.
  for (let i = 0; i < 40; i++) forecast.add(1, 60);
  expect(forecast.delay(1, 100, 101)).toBeGreaterThan(53);
  expect(forecast.delay(1, 100, 101)).toBeLessThan(54.1);
  // Short steps keep nobody waiting.
  forecast.add(3, 19);
  expect(forecast.delay(3, 100, 101)).toBe(0);
  // Unless somebody came lately.
  forecast.arrived(50);
  expect(forecast.delay(3, 100, 101)).toBeCloseTo(14.74, 9);
  expect(forecast.delay(3, 1100, 1101)).toBe(0);
  forecast.add(4, 5);
  expect(forecast.delay(4, 100, 101)).toBe(0);
});
