/** Dark, light, or as the system has it. */
import { byId, icon } from "./dom.js";
import { store, stored } from "./local-settings.js";

type Theme = "system" | "light" | "dark";

const next: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const icons: Readonly<Record<Theme, string>> = { system: "screen", light: "sun", dark: "moon" };

/** Shows the chosen look, and lets the button with id `theme-button` change it. */
export function startTheme(): void {
  const button = byId<HTMLButtonElement>("theme-button");
  const asRead = stored("theme");
  let theme: Theme = asRead === "light" || asRead === "dark" ? asRead : "system";
  const show = () => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const label = `Colours: ${theme === "system" ? "as the system has them" : theme}`;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(icon(icons[theme]));
  };
  button.addEventListener("click", () => {
    theme = next[theme];
    store("theme", theme === "system" ? undefined : theme);
    show();
  });
  show();
}
