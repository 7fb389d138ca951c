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
export declare function createRequestQueue(policy: SchedulingPolicy): RequestQueue;
/** Below zero if `a` goes before `b`: lower priority number, earlier arrival, then by id so that the order is total. */
export declare function comparePriority(a: Request, b: Request): number;
