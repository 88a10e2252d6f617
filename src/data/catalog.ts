/**
 * The data sets that are known: what their files are, where they are published, and under what terms. Checksums are of what
 * is read in the end, so that a file which somebody packed anew still counts; an archive also has one of its own.
 */
import type { CatalogEntry } from './catalogEntry';
import { glueCatalog } from './glueCatalog';
import { imageCatalog } from './imageCatalog';

export const catalog = { ...imageCatalog, ...glueCatalog } as const satisfies Readonly<Record<string, CatalogEntry>>;

export type CatalogName = keyof typeof catalog;
export const catalogNames = Object.keys(catalog) as CatalogName[];
/** Those that somebody may fetch for the user. */
export const fetchableNames = catalogNames.filter(name => described(name).published.length > 0);

export function isCatalogName(name: string): name is CatalogName {
  return Object.hasOwn(catalog, name);
}

/** Seen through its widest type, for code that treats all alike. */
export function described(name: CatalogName): CatalogEntry {
  return catalog[name];
}

export function downloadBytes({ published }: Pick<CatalogEntry, 'published'>): number {
  return published.reduce((sum, { bytes }) => sum + bytes, 0);
}
