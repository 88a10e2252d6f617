/** The command that does what an alarm proposes for a run that has ended. */
import { listCheckpoints } from '../protocol/checkpointFiles';
import { readRecord } from '../protocol/runDirectory';
import type { AlarmEvent, Fix } from '../protocol/runEvents';
import { assignmentOf } from '../settings/assignment';
import { isLive } from '../settings/knobs';
import { isKnobName } from '../settings/validate';

/** From the last good checkpoint where there is one and the settings may change in the middle of a run; else from the beginning. */
export function fixCommand(folder: string, { kind, checkpoint }: Pick<AlarmEvent, 'kind' | 'checkpoint'>, { settings }: Fix): string {
  const set = Object.entries(settings).map(([name, value]) => ` --set ${assignmentOf(name, value)}`).join('');
  const isLiveOnly = Object.keys(settings).every(name => isKnobName(name) && isLive(name));
  const [newest, ...older] = listCheckpoints(folder).map(({ name }) => name);
  const from = older.find(name => name === checkpoint);
  // One that went on after it had diverged keeps checkpoints of what it has become.
  const isGood = newest !== undefined && (kind !== 'divergence' || newest === checkpoint || from !== undefined);
  if (isLiveOnly && isGood) return `Go on with efcp train --resume ${folder}${from === undefined ? '' : ` --from ${from}`}${set}`;
  return `Start it again with efcp train ${readRecord(folder).source.name}${set}`;
}
