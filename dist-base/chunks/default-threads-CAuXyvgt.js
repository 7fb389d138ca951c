import { n as readText, t as controlGroupFolders } from "./control-groups-CmA2xgHM.js";
import { availableParallelism } from "node:os";
// src/platform/cpu/default-threads.ts
/** How many compute threads this process should use: physical cores that it may run on. */
/**
* Physical cores within the affinity mask and the cgroup's CPU quota (rounded up); hyper-threads of one core count once.
* At least 1. Where the system does not say (macOS, Windows): the number of processors.
*/
function defaultThreads(read = readText, processors = availableParallelism()) {
	const cores = allowedCores(read) ?? processors;
	return Math.max(1, Math.min(cores, processors, Math.ceil(cpuQuota(read))));
}
/** A line that says why so many threads are too many; undefined where they are not (hyper-threads count in full). */
function tooManyThreads(threads, read = readText, processors = availableParallelism()) {
	const quota = cpuQuota(read);
	const most = Math.max(1, Math.min(processors, Math.ceil(quota)));
	if (threads <= most) return void 0;
	return `${threads} compute threads, but ${(Math.ceil(quota) < processors ? `a control group allows ${round(quota)} CPU${quota === 1 ? "" : "s"}` : "") || `this process may run on ${processors} ${processors === 1 ? "processor" : "processors"}`}; threads that take turns are slower than ${most} (--cpu-threads ${most})`;
}
const round = (value) => Math.round(value * 100) / 100;
function allowedCores(read) {
	const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(read("/proc/self/status") ?? "")?.[1];
	if (!allowed) return void 0;
	const cores = /* @__PURE__ */ new Set();
	for (const cpu of parseCpuList(allowed)) cores.add(read(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`) ?? `cpu${cpu}`);
	return cores.size || void 0;
}
/** CPUs that the control groups allow on average; Infinity without a limit. */
function cpuQuota(read) {
	let quota = Infinity;
	for (const folder of controlGroupFolders("cpu", read)) {
		const [limit, period] = (read(`${folder}/cpu.max`) ?? "").split(" ").map(Number);
		if (limit && period) quota = Math.min(quota, limit / period);
		const [oldLimit, oldPeriod] = ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map((name) => Number(read(`${folder}/${name}`)));
		if (oldLimit > 0 && oldPeriod > 0) quota = Math.min(quota, oldLimit / oldPeriod);
	}
	return quota;
}
/** `0-3,8` -> 0 1 2 3 8 */
function parseCpuList(list) {
	return list.split(",").flatMap((range) => {
		const [first, last = first] = range.split("-").map(Number);
		if (!Number.isInteger(first) || !Number.isInteger(last)) return [];
		return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
	});
}
export { parseCpuList as n, tooManyThreads as r, defaultThreads as t };
