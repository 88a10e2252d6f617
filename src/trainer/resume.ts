/** Makes a run go on from its newest checkpoint that is whole and its own. */
import type { BackendPlace } from '../backends/chooseBackend';
import { listCheckpoints, type CheckpointFile } from '../protocol/checkpointFiles';
import type { RestoredEvent } from '../protocol/runEvents';
import { isLive, knobNames, type Settings } from '../settings/knobs';
import { InputError, type Problem } from '../settings/problem';
import { assemble, type Assembly } from './assemble';
import type { Checkpoint } from './checkpoint';
import { CheckpointStore, readCheckpoint } from './checkpointStore';

export interface Resumed {
  readonly settings: Settings;
  readonly run: Assembly;
  readonly from: Checkpoint;
  readonly told: Pick<RestoredEvent, 'checkpoint' | 'refused'>;
}

/** `recorded`: what the run was started with; `epochs`, where given, takes the place of its own. Throws InputError with all reasons where no checkpoint will do. */
export async function resume(directory: string, recorded: Settings, place: BackendPlace, epochs?: number): Promise<Resumed> {
  const refused: { readonly file: CheckpointFile; readonly message: string }[] = [];
  for (const file of listCheckpoints(directory)) {
    try {
      const from = await readCheckpoint(file);
      const resumed = await restore(from, recorded, place, epochs);
      await new CheckpointStore(directory, resumed.settings.checkpointsKept).setAside(refused.map(passedOver => passedOver.file));
      return { ...resumed, from, told: { checkpoint: file.name, refused: refused.map(passedOver => ({ checkpoint: passedOver.file.name, message: passedOver.message })) } };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push({ file, message: error.message });
    }
  }
  const reasons = refused.map(({ file, message }) => `${file.name}: ${message}`).join(' ');
  throw new InputError([{ field: 'checkpoints', message: `No checkpoint of the run can be used. ${reasons}${reasons === '' ? '' : ' '}Start the run again.` }]);
}

async function restore(from: Checkpoint, recorded: Settings, place: BackendPlace, epochs = from.state.settings.epochs): Promise<Pick<Resumed, 'settings' | 'run'>> {
  const problems = othersOf(from.state.settings, recorded);
  if (problems.length > 0) throw new InputError(problems);
  const settings = { ...from.state.settings, epochs };
  const run = await assemble(settings, place);
  try {
    if (run.placement.saving === undefined) throw new Error(`A state with placement "${settings.placement}" cannot be restored. Start the run again with placement "host".`);
    run.placement.saving.restore(from.state);
    run.stepper.restoreParameters(from.parameters.map(({ values }) => values));
  } catch (error) {
    run.stepper.dispose();
    run.ledger.stop();
    throw error;
  }
  return { settings, run };
}

/** Settings that hold for a whole run, and differ: the checkpoint is another run's. How long a run is may have been changed. */
function othersOf(saved: Settings, recorded: Settings): Problem[] {
  const show = (value: unknown) => JSON.stringify(value);
  return knobNames.filter(name => !isLive(name) && name !== 'epochs' && show(saved[name]) !== show(recorded[name]))
    .map(name => ({ field: name, message: `The checkpoint is refused: ${name} is ${show(saved[name])} in it, but ${show(recorded[name])} in run.json, so it is another run's. Put the run's own checkpoint there.` }));
}
