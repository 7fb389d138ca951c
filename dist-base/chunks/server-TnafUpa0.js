export { t as startServer } from "./server-gSUtD1P6.js";
