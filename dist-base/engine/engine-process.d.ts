/** What the engine core's process runs; see engine-child.ts for who starts it. */
import "../util/copies.js";
