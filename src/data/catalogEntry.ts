/** What the catalogue says of a data set. */
import type { CifarFiles } from './cifar';
import type { Edition, Table } from './text/classification/glueTasks';

/** One file of a data set as it is read: unpacked. */
export interface ContentFile {
  readonly file: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/** A table is known by its columns and lines: only the archives of tables have published checksums. */
export type Content = ContentFile | Table;

export type Digest = `${'sha256' | 'md5'}:${string}`;

/** One file as it is published: gzipped, or an archive of several. */
export interface PublishedFile {
  readonly file: string;
  readonly bytes: number;
  /** Absent where the same content is published differently packed. */
  readonly digest?: Digest;
}

interface Described {
  readonly title: string;
  readonly licence: string;
  /** Folders with a file each; the first that answers serves. */
  readonly mirrors: readonly string[];
  /** Empty where the licence leaves fetching to the user. */
  readonly published: readonly PublishedFile[];
}

/** Four files, each gzipped by itself. */
export interface IdxData extends Described {
  readonly kind: 'idx';
  readonly contents: readonly ContentFile[];
  readonly classes: number;
  /** Mean and deviation of the training images, in levels from 0 to 1. */
  readonly normalisation: { readonly mean: number; readonly deviation: number };
  /** Where a package of the system puts the files. */
  readonly systemFolder?: string;
}

/** One archive, whose files lie in a folder. */
export interface CifarData extends Described {
  readonly kind: 'cifar';
  readonly contents: readonly ContentFile[];
  readonly folder: string;
  readonly files: CifarFiles;
}

/** One zip, whose files lie in a folder; other editions are brought by hand. */
export interface GlueData extends Described {
  readonly kind: 'glue';
  readonly folder: string;
  readonly editions: readonly [Edition, ...Edition[]];
}

export type CatalogEntry = IdxData | CifarData | GlueData;
export type ArchivedData = CifarData | GlueData;

export function isTable(content: Content): content is Table {
  return 'rows' in content;
}

/** The files of each edition, that which is fetched first. */
export function editionsOf(data: CatalogEntry): readonly [readonly Content[], ...(readonly Content[])[]] {
  if (data.kind !== 'glue') return [data.contents];
  const [fetched, ...others] = data.editions.map(({ train, validation }): readonly Content[] => [train, validation]);
  return [fetched ?? [], ...others];
}
