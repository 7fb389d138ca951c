import "../chunks/copies-BSAA4BuG.js";
import { t as parseServerConfig } from "../chunks/server-config-DqV7tNso.js";
import { n as openAsyncLLM } from "../chunks/async-llm-hR7vVjsy.js";
import { t as startServer } from "../chunks/server-gSUtD1P6.js";
import { n as parseEngineConfig } from "../chunks/engine-config-D9uvfcfS.js";
export { openAsyncLLM, parseEngineConfig, parseServerConfig, startServer };
