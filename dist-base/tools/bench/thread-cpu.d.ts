/**
 * Milliseconds of CPU time that the main thread has had. Where the system does not tell (it is not Linux), the process's
 * user time, compute threads included. Wall time would count the moments in which compute threads run in its place.
 */
export declare function threadCpuMs(): number;
