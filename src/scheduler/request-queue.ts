/** Request queues: who is admitted next. One class per scheduling policy. */
import type { Request } from "../request/request.js";

/** `fcfs`: first come, first served. `priority`: lower number first, then earlier arrival. */
export type SchedulingPolicy = "fcfs" | "priority";

/** Requests that wait, in the order of their admission. */
export interface RequestQueue {
  readonly size: number;
  /** The next one; stays in the queue. */
  peek(): Request | undefined;
  /** Takes the next one out. */
  pop(): Request | undefined;
  /** Adds a request that came in. */
  add(request: Request): void;
  /** Puts a preempted request back: before all others, as far as the policy leaves a choice. */
  putBack(request: Request): void;
  /** Takes these out, wherever they stand. */
  remove(requests: ReadonlySet<Request>): void;
  /** All, in no particular order. */
  [Symbol.iterator](): Iterator<Request>;
}

/** Makes the queue of a policy. */
export function createRequestQueue(policy: SchedulingPolicy): RequestQueue {
  return policy === "priority" ? new PriorityQueue() : new FcfsQueue();
}

/** Below zero if `a` goes before `b`: lower priority number, earlier arrival, then by id so that the order is total. */
export function comparePriority(a: Request, b: Request): number {
  return a.priority - b.priority || a.arrivalTime - b.arrivalTime || (a.requestId < b.requestId ? -1 : 1);
}

class FcfsQueue implements RequestQueue {
  #requests: Request[] = [];

  get size(): number {
    return this.#requests.length;
  }

  peek(): Request | undefined {
    return this.#requests[0];
  }

  pop(): Request | undefined {
    return this.#requests.shift();
  }

  add(request: Request): void {
    this.#requests.push(request);
  }

  putBack(request: Request): void {
    this.#requests.unshift(request);
  }

  remove(requests: ReadonlySet<Request>): void {
    this.#requests = this.#requests.filter((request) => !requests.has(request));
  }

  [Symbol.iterator](): Iterator<Request> {
    return this.#requests[Symbol.iterator]();
  }
}

/** A binary heap: each request goes before the two at twice its place plus one and two. */
class PriorityQueue implements RequestQueue {
  #heap: Request[] = [];

  get size(): number {
    return this.#heap.length;
  }

  peek(): Request | undefined {
    return this.#heap[0];
  }

  pop(): Request | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(0, last);
    return first;
  }

  add(request: Request): void {
    let place = this.#heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (comparePriority(this.#heap[parent]!, request) < 0) break;
      this.#heap[place] = this.#heap[parent]!;
      place = parent;
    }
    this.#heap[place] = request;
  }

  putBack(request: Request): void {
    this.add(request);
  }

  remove(requests: ReadonlySet<Request>): void {
    const kept = this.#heap.filter((request) => !requests.has(request));
    this.#heap = [];
    for (const request of kept) this.add(request);
  }

  [Symbol.iterator](): Iterator<Request> {
    return this.#heap[Symbol.iterator]();
  }

  /** Puts a request at `place` or, while a child goes before it, further down. */
  #sink(place: number, request: Request): void {
    const heap = this.#heap;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comparePriority(heap[child + 1]!, heap[child]!) < 0) child++;
      if (comparePriority(request, heap[child]!) < 0) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = request;
  }
}
