/** Goes through the versions of a turn: "2 of 3" between two arrows. */
import { el, iconButton } from "./dom.js";

/** @param choose takes the place, from 0, of the version that is wanted */
export function pager(place: number, count: number, what: string, choose: (place: number) => void): HTMLElement {
  const arrow = (name: string, label: string, to: number) =>
    iconButton(name, label, () => choose(to), { disabled: to < 0 || to >= count });
  return el(
    "span",
    { class: "pager", role: "group", "aria-label": `Versions of this ${what}` },
    arrow("left", `Previous version of this ${what}`, place - 1),
    el("span", {}, `${place + 1} of ${count}`),
    arrow("right", `Next version of this ${what}`, place + 1),
  );
}
