import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Request } from "../request/request.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { comparePriority, createRequestQueue, type RequestQueue } from "./request-queue.js";

const params = normalizeSamplingParams();
const make = (requestId: string, priority = 0, arrivalTime = 0) =>
  new Request({ requestId, promptTokenIds: [1], params, priority, arrivalTime });
function drain(queue: RequestQueue): string[] {
  const ids: string[] = [];
  for (let request = queue.pop(); request !== undefined; request = queue.pop()) ids.push(request.requestId);
  return ids;
}

describe("fcfs", () => {
  it("keeps the order of arrival and puts back in front", () => {
    const queue = createRequestQueue("fcfs");
    const [a, b, c] = [make("a", 3), make("b", 2), make("c", 1)] as const;
    for (const request of [a, b, c]) queue.add(request);
    expect(queue.peek()).toBe(a);
    expect(queue.pop()).toBe(a);
    queue.putBack(a);
    queue.remove(new Set([b]));
    expect(queue.size).toBe(2);
    expect(drain(queue)).toEqual(["a", "c"]);
    expect(queue.peek()).toBeUndefined();
  });
});

describe("priority", () => {
  it("takes the lowest number, then the earliest arrival, then the id", () => {
    const queue = createRequestQueue("priority");
    for (const request of [make("d", 1, 5), make("c", 1, 4), make("a", 0, 9), make("b2", 1, 3), make("b1", 1, 3)]) {
      queue.add(request);
    }
    expect(drain(queue)).toEqual(["a", "b1", "b2", "c", "d"]);
  });

  it("stays in order under any mix of adding, putting back and removing", () => {
    const entry = fc.record({ priority: fc.integer({ min: -3, max: 3 }), arrival: fc.nat(3), out: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.nat(10), (entries, numPops) => {
        const queue = createRequestQueue("priority");
        const requests = entries.map((given, i) => make(`r${i}`, given.priority, given.arrival));
        for (const request of requests) queue.add(request);
        for (let i = 0; i < numPops; i++) {
          const request = queue.pop();
          if (request !== undefined) queue.putBack(request);
        }
        queue.remove(new Set(requests.filter((_, i) => entries[i]!.out)));
        const kept = requests.filter((_, i) => !entries[i]!.out).sort(comparePriority);
        expect(queue.size).toBe(kept.length);
        expect(drain(queue)).toEqual(kept.map((request) => request.requestId));
      }),
      { numRuns: 200 },
    );
  });
});
