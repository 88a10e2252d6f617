/** Characters that Moses reads as its own, written as entities of XML. */

const entities: readonly (readonly [mark: string, entity: string])[] = [
  ['|', '&#124;'], ['<', '&lt;'], ['>', '&gt;'], ['\'', '&apos;'], ['"', '&quot;'], ['[', '&#91;'], [']', '&#93;'], ['&', '&amp;'],
];
const entityOf = new Map(entities);
const markOf = new Map(entities.map(([mark, entity]) => [entity, mark]));

export function escapeMarks(text: string): string {
  return text.replace(/[|<>'"[\]&]/gu, mark => entityOf.get(mark) ?? mark);
}

export function unescapeMarks(text: string): string {
  return text.replace(/&(?:#124|lt|gt|apos|quot|#91|#93|amp);/gu, entity => markOf.get(entity) ?? entity);
}
