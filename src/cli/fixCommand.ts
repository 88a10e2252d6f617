/** The command that does what an alarm proposes for a run that it has stopped. */
import { listCheckpoints } from '../protocol/checkpointFiles';
import { readRecord } from '../protocol/runDirectory';
import type { Fix } from '../protocol/runEvents';
import { assignmentOf } from '../settings/assignment';
import { isLive } from '../settings/knobs';
import { isKnobName } from '../settings/validate';

/** From the newest checkpoint where there is one and the settings may change in the middle of a run; else from the beginning. */
export function fixCommand(folder: string, { settings }: Fix): string {
  const set = Object.entries(settings).map(([name, value]) => ` --set ${assignmentOf(name, value)}`).join('');
  const live = Object.keys(settings).every(name => isKnobName(name) && isLive(name));
  if (live && listCheckpoints(folder).length > 0) return `Go on with efcp train --resume ${folder}${set}`;
  return `Start it again with efcp train ${readRecord(folder).source.name}${set}`;
}
