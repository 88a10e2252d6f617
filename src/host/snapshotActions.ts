/** The commands of step snapshots. What an argument does not name is asked for. */
import type { CommandId } from './commandIds';
import type { Run } from './run';
import { pickSnapshot } from './snapshotPicker';
import type { SnapshotViews } from './snapshotViews';
import { takeSnapshot } from './takeSnapshot';

type SnapshotCommand = Extract<CommandId, 'efcp.takeSnapshot' | 'efcp.openSnapshot' | 'efcp.compareSnapshots'>;

export interface SnapshotActionContext {
  readonly views: SnapshotViews;
  readonly runsRoots: () => readonly string[];
  /** The run of a directory, or else the current one. */
  readonly runOf: (directory: string | undefined) => Promise<Run>;
}

export function createSnapshotActions({ views, runsRoots, runOf }: SnapshotActionContext): Readonly<Record<SnapshotCommand, (argument: unknown) => unknown>> {
  return {
    'efcp.takeSnapshot': async argument => {
      const file = await takeSnapshot(await runOf(pathIn(argument, 'directory')));
      if (file !== undefined) await views.open(file);
      return file;
    },
    'efcp.openSnapshot': async argument => {
      const file = pathIn(argument, 'file') ?? await pickSnapshot(runsRoots(), 'Which step?');
      if (file !== undefined) await views.open(file);
      return file;
    },
    'efcp.compareSnapshots': async argument => {
      const after = pathIn(argument, 'after') ?? await pickSnapshot(runsRoots(), 'Which step is the new one?');
      const before = after && (pathIn(argument, 'before') ?? await pickSnapshot(runsRoots(), 'Which step is it compared with?', after));
      if (after === undefined || before === undefined) return undefined;
      views.compare(before, after);
      return [before, after];
    },
  };
}

function pathIn(argument: unknown, field: 'directory' | 'file' | 'before' | 'after'): string | undefined {
  const given = (argument as Readonly<Record<string, unknown>> | undefined)?.[field];
  return typeof given === 'string' ? given : undefined;
}
