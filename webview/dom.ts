/** The panel's few words for building and changing elements. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Builds an element. `true` sets an empty attribute; `false` and undefined leave it out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.map(child => typeof child === 'string' ? unbroken(child) : child));
  return node;
}

/** A figure and its unit, or what compares it, stay on one line: with no-break spaces between. */
export function unbroken(text: string): string {
  return text.replace(/(?<=\d) (?=(?:%|[KMGT]i?B|B|[kMGTP]?FLOP|ms|min|[shd])(?![\p{L}\d]))|(?<=[<>≈]) (?=\d)/gu, noBreakSpace);
}

const noBreakSpace = '\u00a0';

/** Sets, changes or removes an attribute; touches the document only where something changes. */
export function setAttribute(node: Element, name: string, value: string | number | boolean | undefined): void {
  const wanted = value === undefined || value === false ? null : value === true ? '' : String(value);
  if (node.getAttribute(name) === wanted) return;
  if (wanted === null) node.removeAttribute(name);
  else node.setAttribute(name, wanted);
}

/** Changes a text; touches the document only where something changes. */
export function setText(node: Element, text: string): void {
  const shown = unbroken(text);
  if (node.textContent !== shown) node.textContent = shown;
}
