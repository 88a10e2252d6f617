/** Does what an alarm proposes: as a change where the run waits or goes on; else from its last good state, or from the beginning. */
import { fixOf } from '../protocol/alarmFix';
import { listCheckpoints } from '../protocol/checkpointFiles';
import type { AlarmEvent } from '../protocol/runEvents';
import { isOver } from '../protocol/runState';
import { isLive } from '../settings/knobs';
import { InputError } from '../settings/problem';
import { isKnobName } from '../settings/validate';
import type { Run } from './run';
import type { Runs } from './runs';

/** Resolves to the run that goes on, which may be another. `sequence`: of the alarm; without it the newest that proposes something. */
export async function applyFix(runs: Runs, run: Run, sequence?: number): Promise<Run> {
  const alarm = alarmOf(run, sequence);
  const fix = alarm && fixOf(run.state, alarm);
  if (fix === undefined) throw new InputError([{ field: '', message: 'There is no alarm that proposes settings. Change a setting of the run, or start it again.' }]);
  const { settings } = fix;
  if (fix.way === 'change' && !isOver(run.state.status)) {
    run.change(settings);
    run.resume();
    return run;
  }
  const live = Object.keys(settings).every(name => isKnobName(name) && isLive(name));
  if (!live || run.state.checkpoint === undefined) return runs.restart(run, { settings });
  if (!isOver(run.state.status)) run.stop();
  await run.ended();
  await runs.resume(run, { settings, ...beforeDivergence(run, alarm) });
  return run;
}

/** A run that went on after it had diverged has newer checkpoints than the good one. */
function beforeDivergence({ directory }: Run, alarm: AlarmEvent | undefined): { readonly from?: string } {
  const from = alarm?.kind === 'divergence' ? alarm.checkpoint : undefined;
  return from !== undefined && listCheckpoints(directory).some(({ name }) => name === from) ? { from } : {};
}

function alarmOf({ state }: Run, sequence: number | undefined): AlarmEvent | undefined {
  const { alarms } = state;
  return sequence === undefined ? alarms.findLast(alarm => fixOf(state, alarm) !== undefined) : alarms.find(alarm => alarm.sequence === sequence);
}
