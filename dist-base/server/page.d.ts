/** The page at /: what runs here, and how to call it. */
import type { EngineClient } from "./engine-client.js";
/** A small HTML page without scripts. */
export declare function homePage(engine: EngineClient, url: string): string;
/** A command that calls the server. */
export declare function curlLine(engine: EngineClient, url: string): string;
