/** Elements made from a tag, properties and children. Text is always a text node: nothing here reads HTML. */

/** What an element can hold; undefined, null and false are left out. */
export type Child = Node | string | number | undefined | null | false;

/** Attributes by name, and listeners as `onclick` and the like. True sets an empty attribute; undefined and false none. */
export type Properties = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** An element. Example: `el("p", { class: "hint" }, "Nothing here yet")`. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Adds children to what is there. */
export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Node[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A picture of the sprite file, hidden from screen readers: the button around it has the name. */
export function icon(name: string): SVGElement {
  const sprite = document.querySelector<HTMLMetaElement>("meta[name=icons]")?.content ?? "";
  return svg(
    "svg",
    { class: "icon", "aria-hidden": "true", width: 18, height: 18 },
    svg("use", { href: `${sprite}#${name}` }),
  );
}

/** A button that shows a picture; `label` is its name and its tooltip. */
export function iconButton(
  name: string,
  label: string,
  onclick: () => void,
  properties: Properties = {},
): HTMLButtonElement {
  return el(
    "button",
    { type: "button", class: "icon-button", title: label, "aria-label": label, onclick, ...properties },
    icon(name),
  );
}

/** The element of the page's own markup with this id. @throws Error if the markup lacks it */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element with the id ${id}`);
  return element as Type;
}
