export { t as EngineChild } from "./engine-child-uOvniDl0.js";
