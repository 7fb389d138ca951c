/** A side panel that is beside the page where there is room, and over it where there is not. */
import { byId } from "./dom.js";
import { store, stored } from "./local-settings.js";

export class Drawer {
  readonly #panel: HTMLElement;
  readonly #button: HTMLElement;
  readonly #name: string;
  readonly #overlays: MediaQueryList;

  /**
   * @param panel   id of the panel
   * @param button  id of the button that opens and closes it
   * @param narrow  widths, as a media query, at which the panel lies over the page
   * @param isOpen  whether it is open beside the page when nothing was chosen before
   */
  constructor(panel: string, button: string, narrow: string, isOpen: boolean) {
    this.#name = panel;
    this.#panel = byId(panel);
    this.#button = byId(button);
    this.#overlays = matchMedia(narrow);
    this.#button.addEventListener("click", () => this.toggle());
    for (const close of this.#panel.querySelectorAll<HTMLElement>("[data-close]")) {
      close.addEventListener("click", () => this.close());
    }
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOver) return;
      event.stopPropagation();
      this.close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      const isInside = this.#panel.contains(target as Node) || this.#button.contains(target as Node);
      if (this.isOver && !isInside) this.close();
    });
    const begin = () =>
      this.#set(!this.#overlays.matches && (stored(panel) ?? (isOpen ? "open" : "closed")) === "open");
    this.#overlays.addEventListener("change", begin);
    begin();
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  /** Whether it is open and covers the page. */
  get isOver(): boolean {
    return this.isOpen && this.#overlays.matches;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    this.#set(true);
    this.#remember();
    this.#panel.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
  }

  close(): void {
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#set(false);
    this.#remember();
    if (hadFocus) this.#button.focus();
  }

  /** After something was chosen in it: gives the page back. */
  closeIfOver(): void {
    if (this.isOver) this.close();
  }

  #set(isOpen: boolean): void {
    this.#panel.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
  }

  #remember(): void {
    if (!this.#overlays.matches) store(this.#name, this.isOpen ? "open" : "closed");
  }
}
