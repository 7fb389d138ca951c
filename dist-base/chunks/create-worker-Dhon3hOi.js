export { t as createWorker } from "./create-worker-BnjcDtzY.js";
