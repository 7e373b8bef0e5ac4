// Elements by name, attributes and children. What comes from a sweep goes in as text or as an attribute, never as markup.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string;

/** An HTML element; an attribute that is undefined or false is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** @throws Error when the page has no such element: it always has */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** The text of an SVG picture as an element. In a template nothing is run or loaded; it takes half the time that XML does. */
export function picture(text: string): Element {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content.firstElementChild!;
}

/** A menu. @param options values with what people read */
export function menu(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string | undefined,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const select = element(
    "select",
    {},
    ...options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)),
  );
  select.addEventListener("change", () => onChange(select.value));
  return element("label", {}, label, select);
}

export function button(text: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", onClick);
  return made;
}

/** A link that saves something as a file. */
export function saveLink(name: string, type: string, make: () => BlobPart): HTMLAnchorElement {
  const link = element("a", { href: "#", download: name, class: "button" }, name);
  link.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([make()], { type }));
    link.href = address;
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  });
  return link;
}
