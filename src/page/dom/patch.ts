// Elements that become like others: what is equal stays the same node, so that a picture drawn sixty times a second costs what
// changed in it, and whoever points at a part of it or listens to it keeps that part.

/** Makes the children of an element like these, in place where they are elements of the same name. */
export function patchChildren(parent: Element, made: readonly Node[]): void {
  for (let index = 0; index < made.length; index++) {
    const own = parent.childNodes[index];
    if (own === undefined) parent.append(made[index]);
    else patch(own, made[index]);
  }
  while (parent.childNodes.length > made.length) parent.lastChild!.remove();
}

function patch(own: Node, made: Node): void {
  if (own.nodeType !== made.nodeType || own.nodeName !== made.nodeName) own.parentNode!.replaceChild(made, own);
  else if (own instanceof Element) {
    patchAttributes(own, made as Element);
    patchChildren(own, [...made.childNodes]);
  } else if (own.nodeValue !== made.nodeValue) own.nodeValue = made.nodeValue;
}

function patchAttributes(own: Element, made: Element): void {
  for (const { name } of [...own.attributes]) if (!made.hasAttribute(name)) own.removeAttribute(name);
  for (const { name, value } of made.attributes) if (own.getAttribute(name) !== value) own.setAttribute(name, value);
}

/** Gives an element a text, unless it has it: a new text is laid out anew. */
export function setText(element: Element, text: string): void {
  const { firstChild } = element;
  if (firstChild === null || firstChild !== element.lastChild || firstChild.nodeType !== Node.TEXT_NODE)
    element.textContent = text;
  else if (firstChild.nodeValue !== text) firstChild.nodeValue = text;
}
