/** Plugins in the process of the server: what they bring for chats is needed here, not in the engine's process. */
import { loadPlugins } from "../plugins/load-plugins.js";

/**
 * Runs the application's plugins and those named; the ones that ran in this process already are not run again.
 * @throws ConfigError naming the plugin that is not found or fails
 */
export async function loadPluginsHere(names: readonly string[], log: (line: string) => void): Promise<void> {
  await loadPlugins(names, log);
}
