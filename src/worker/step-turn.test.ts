import { expect, test } from "vitest";
import { StepTurn } from "./step-turn.js";

test("who waits goes on when the step is queued, or has ended", async () => {
  const turn = new StepTurn();
  const told: string[] = [];
  void turn.untilQueued().then(() => told.push("queued"));
  void turn.untilEnded().then(() => told.push("ended"));
  await Promise.resolve();
  expect([turn.isQueued, turn.isEnded, told]).toEqual([false, false, []]);
  turn.queue();
  await Promise.resolve();
  expect([turn.isQueued, turn.isEnded, told]).toEqual([true, false, ["queued"]]);
  turn.end();
  await turn.untilEnded();
  expect(told).toEqual(["queued", "ended"]);
  await turn.untilQueued();
});

test("a step that ends without having been queued lets everybody go on", async () => {
  const turn = new StepTurn();
  const all = Promise.all([turn.untilQueued(), turn.untilEnded()]);
  turn.end();
  await all;
  expect([turn.isQueued, turn.isEnded]).toEqual([true, true]);
});
