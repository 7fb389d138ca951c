/** Small choices that outlive the tab: the settings of new chats, the look. Storage may be off; then they last as long as the page. */
import { emptySettings, readSettings } from "./settings.js";
import type { Settings } from "./settings.js";

const prefix = `quire:${location.pathname.replace(/[^/]*$/, "")}`;

export function stored(name: string): string | undefined {
  try {
    return localStorage.getItem(`${prefix}${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function store(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`${prefix}${name}`);
    else localStorage.setItem(`${prefix}${name}`, value);
  } catch {
    // Off or full.
  }
}

/** Settings that a new chat begins with: those that were changed last. */
export function lastSettings(): Settings {
  try {
    return readSettings(JSON.parse(stored("settings") ?? "{}"));
  } catch {
    return emptySettings;
  }
}

export function storeSettings(settings: Settings): void {
  store("settings", JSON.stringify(settings));
}
