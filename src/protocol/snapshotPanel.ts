/** The wire between the editor and the view of step snapshots. The view gets whole files and reads them itself: the host never decodes one. */
import * as z from 'zod';

export interface NamedFile {
  /** What the user knows it by: the file, and its run. */
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export type ToSnapshotView =
  /** One snapshot, or two of which the second is compared with the first. */
  | { readonly type: 'show'; readonly files: readonly NamedFile[] }
  /** There is nothing to show, and why. */
  | { readonly type: 'refuse'; readonly message: string };

export const fromSnapshotView = z.discriminatedUnion('type', [
  /** The view's script runs and wants its files. */
  z.object({ type: z.literal('ready') }),
  /** Shows a line of the user's code, as the snapshot writes it: "FILE:LINE". */
  z.object({ type: z.literal('openSource'), source: z.string() }),
  /** Asks for another snapshot to compare this one with. */
  z.object({ type: z.literal('compare') }),
  /** Asks for a picture of one of its files, drawn from the file itself: `chart` is what an export calls it. */
  z.object({ type: z.literal('savePicture'), file: z.int().min(0).max(1), chart: z.enum(['live', 'treemap']), format: z.enum(['png', 'svg']) }),
]);
export type FromSnapshotView = z.infer<typeof fromSnapshotView>;
