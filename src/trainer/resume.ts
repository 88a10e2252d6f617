/** Makes a run go on from its newest checkpoint that is whole and its own, or from an older one that is named. */
import { checkpointsFrom, listCheckpoints, type CheckpointFile } from '../protocol/checkpointFiles';
import type { RestoredEvent } from '../protocol/runEvents';
import type { BufferSpecification } from '../models/model';
import type { ParameterView } from '../optimizers/transformation';
import { isLive, knobNames, type KnobName, type LiveSettings, type Settings } from '../settings/knobs';
import { InputError, type Problem } from '../settings/problem';
import type { Assembly } from './assemble';
import type { Checkpoint } from './checkpoint';
import { CheckpointStore, readCheckpoint } from './checkpointStore';

export interface Resumed {
  readonly settings: Settings;
  readonly run: Assembly;
  readonly from: Checkpoint;
  readonly told: Pick<RestoredEvent, 'checkpoint' | 'refused'>;
}

/** What may be another in the rest of a run than it was in the part that is done. */
export interface Wanted {
  /** The checkpoint to go on from; without one, the newest. */
  readonly from?: string | undefined;
  /** How many epochs the run has in all. */
  readonly epochs?: number | undefined;
  readonly backend?: Settings['backend'] | undefined;
  /** Live settings that change before its first step, like any change while it goes on. */
  readonly settings?: Partial<LiveSettings> | undefined;
}

/** Assembles a run from its settings. */
export type Loading = (settings: Settings) => Promise<Assembly>;

/** `recorded`: what the run was started with. Throws InputError with all reasons where no checkpoint will do. */
export async function resume(directory: string, recorded: Settings, wanted: Wanted, load: Loading): Promise<Resumed> {
  const files = checkpointsFrom(directory, wanted.from);
  const refused: { readonly file: CheckpointFile; readonly message: string }[] = listCheckpoints(directory)
    .filter(({ step }) => step > (files[0]?.step ?? 0)).map(file => ({ file, message: `It is newer than ${String(wanted.from)}, which the run shall go on from.` }));
  for (const file of files) {
    try {
      const from = await readCheckpoint(file);
      const resumed = await restore(from, recorded, wanted, load);
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

/** How long a run is, and what computes it, may have been changed when it was resumed before. */
const changeable: ReadonlySet<KnobName> = new Set(['epochs', 'backend']);

async function restore(from: Checkpoint, recorded: Settings, { epochs, backend }: Wanted, load: Loading): Promise<Pick<Resumed, 'settings' | 'run'>> {
  const problems = othersOf(from.state.settings, recorded);
  if (problems.length > 0) throw new InputError(problems);
  const { settings: saved } = from.state;
  const settings = { ...saved, epochs: epochs ?? saved.epochs, backend: backend ?? saved.backend };
  const run = await load(settings);
  try {
    if (run.placement.saving === undefined) throw new Error(`A state with placement "${settings.placement}" cannot be restored. Start the run again with placement "host".`);
    const buffers = buffersFor(run.model.buffers, from.buffers);
    run.placement.saving.restore(from.state, from.parameters.map(({ values }) => values), buffers);
    if (from.progress.lossScale !== undefined) run.scaling?.restore(from.progress.lossScale);
  } catch (error) {
    run.stepper.dispose();
    run.ledger.stop();
    await run.team?.close();
    throw error;
  }
  return { settings, run };
}

/** Settings that hold for a whole run, and differ: the checkpoint is another run's. */
function othersOf(saved: Settings, recorded: Settings): Problem[] {
  const show = (value: unknown) => JSON.stringify(value);
  return knobNames.filter(name => !isLive(name) && !changeable.has(name) && show(saved[name]) !== show(recorded[name]))
    .map(name => ({ field: name, message: `The checkpoint is refused: ${name} is ${show(saved[name])} in it, but ${show(recorded[name])} in run.json, so it is another run's. Put the run's own checkpoint there.` }));
}

/** In the order of the model. */
function buffersFor(wanted: readonly BufferSpecification[], found: readonly ParameterView[]): Float32Array[] {
  return wanted.map(({ name, shape }) => {
    const buffer = found.find(each => each.name === name && JSON.stringify(each.shape) === JSON.stringify(shape));
    if (buffer === undefined) throw new InputError([{ field: 'checkpoints', message: `The checkpoint is refused: it lacks ${name} of the shape ${JSON.stringify(shape)}, which the model remembers beside its parameters. Use another copy, or start the run again.` }]);
    return buffer.values;
  });
}
