/** The panel's few words for building and changing elements. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Builds an element. `true` sets an empty attribute; `false` and undefined leave it out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children);
  return node;
}

/** Sets, changes or removes an attribute; touches the document only where something changes. */
export function setAttribute(node: Element, name: string, value: string | number | boolean | undefined): void {
  const wanted = value === undefined || value === false ? null : value === true ? '' : String(value);
  if (node.getAttribute(name) === wanted) return;
  if (wanted === null) node.removeAttribute(name);
  else node.setAttribute(name, wanted);
}

/** Changes a text; touches the document only where something changes. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
