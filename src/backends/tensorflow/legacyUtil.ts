/** Functions that tfjs-node 4.22 calls and that Node 23 removed: without them it loads, and its operations throw. */
import util from 'node:util';

export function restoreLegacyUtil(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= value => value === null || value === undefined;
  legacy.isArray ??= value => Array.isArray(value);
}
