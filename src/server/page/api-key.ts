/** The API key, kept for this tab only, and the dialog that asks for it when the server wants one. */
import { byId } from "./dom.js";

const NAME = "quire-api-key";

let memory: string | undefined;
let asking: Promise<boolean> | undefined;

/** The key that was given in this tab. */
export function apiKey(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? memory;
  } catch {
    return memory;
  }
}

function remember(key: string): void {
  memory = key;
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // Storage is off: the key lasts until the page is left.
  }
}

/**
 * Asks for a key; everybody who asks at once shares one dialog.
 *
 * @param wasRefused the key that was sent, if one was
 * @returns false when the dialog was closed without one
 */
export function askForKey(wasRefused: string | undefined): Promise<boolean> {
  // Somebody else has asked since that request was sent.
  if (apiKey() !== undefined && apiKey() !== wasRefused) return Promise.resolve(true);
  asking ??= showDialog(wasRefused !== undefined).finally(() => (asking = undefined));
  return asking;
}

function showDialog(wasRefused: boolean): Promise<boolean> {
  const dialog = byId<HTMLDialogElement>("key-dialog");
  const field = byId<HTMLInputElement>("key-field");
  const problem = byId("key-problem");
  problem.textContent = wasRefused ? "The server did not accept this key." : "";
  field.value = "";
  field.setAttribute("aria-invalid", String(wasRefused));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const onClose = () => {
      dialog.removeEventListener("close", onClose);
      const key = field.value.trim();
      field.value = "";
      const isGiven = dialog.returnValue === "use" && key !== "";
      if (isGiven) remember(key);
      resolve(isGiven);
    };
    dialog.addEventListener("close", onClose);
  });
}
