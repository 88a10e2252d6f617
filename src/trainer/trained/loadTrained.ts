/** A run that was trained, ready to predict: its data, its model, and parameters from its newest checkpoint or the mean of several. */
import type { BackendPlace } from '../../backends/loadBackend';
import type { Dataset } from '../../data/dataset';
import { splitOf, type Split } from '../../data/split';
import { DenseWeights } from '../../gradients/denseWeights';
import { Ledger } from '../../memory/ledger';
import type { Model } from '../../models/model';
import type { ParameterView } from '../../optimizers/transformation';
import { listCheckpoints } from '../../protocol/checkpointFiles';
import { readRecord } from '../../protocol/runDirectory';
import type { Settings } from '../../settings/knobs';
import { InputError } from '../../settings/problem';
import { readCheckpoint } from '../checkpointStore';
import { chosenForRun, type ChosenBackend } from '../choice/chooseForRun';
import { runParts } from '../runParts';
import { denseParameters } from './denseParameters';
import { ParameterAverage } from './parameterAverage';

export interface Trained {
  /** As they were when the newest of the checkpoints was written. */
  readonly settings: Settings;
  readonly backend: ChosenBackend;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly model: Model;
  readonly weights: DenseWeights;
  readonly ledger: Ledger;
  /** Steps that had been taken at each checkpoint, the newest first. */
  readonly steps: readonly number[];
  dispose(): void;
}

export interface LoadOptions {
  /** How many of the newest checkpoints to take the mean of. */
  readonly average?: number;
  /** In place of the run's own. */
  readonly backend?: Settings['backend'] | undefined;
}

/** Throws InputError where the run has too few checkpoints, or they are not those of the model that its settings name now. */
export async function loadTrained(directory: string, assets: string, { average = 1, backend: wanted }: LoadOptions = {}): Promise<Trained> {
  const { workspace } = readRecord(directory);
  const place: BackendPlace = { assets, workspace };
  const { settings, steps, parameters, buffers } = await meanOfNewest(directory, average);
  const backend = await chosenForRun({ ...settings, backend: wanted ?? settings.backend }, place);
  // The checkpoint has all that pretrained weights became.
  const { dataset, model } = await runParts({ ...settings, pretrained: null }, assets);
  const initial = <Wanted extends { readonly name: string; readonly shape: readonly number[] }>(specifications: readonly Wanted[], found: readonly ParameterView[]) =>
    specifications.map(specification => ({ ...specification, initial: valuesOf(specification, found) }));
  const ledger = new Ledger();
  try {
    const weights = new DenseWeights(ledger, { parameters: initial(model.parameters, parameters), buffers: initial(model.buffers, buffers) }, settings.seed);
    return {
      settings, backend, dataset, model, weights, ledger, steps, split: splitOf(dataset, settings.validationFraction, settings.seed),
      dispose: () => {
        weights.dispose();
        ledger.stop();
        dataset.close();
      },
    };
  } catch (error) {
    ledger.stop();
    dataset.close();
    throw error;
  }
}

/** One checkpoint at a time is held. */
async function meanOfNewest(directory: string, count: number): Promise<Pick<Trained, 'settings' | 'steps'> & { readonly parameters: readonly ParameterView[]; readonly buffers: readonly ParameterView[] }> {
  const files = listCheckpoints(directory);
  const [newest] = files;
  if (newest === undefined) throw new InputError([{ field: 'checkpoints', message: `${directory} has no checkpoint, so there is nothing to predict with. Train the run to the end of an epoch, or until it is stopped.` }]);
  const first = await readCheckpoint(newest);
  const { settings } = first.state;
  if (count > files.length) throw new InputError([{ field: 'average', message: `average is ${count}, but the run has ${files.length} ${files.length === 1 ? 'checkpoint' : 'checkpoints'} (its checkpointsKept is ${settings.checkpointsKept}). Average at most ${files.length}, or train with checkpointsKept at ${count} or more.` }]);
  const chosen = files.slice(0, count);
  const steps = chosen.map(({ step }) => step);
  if (count === 1) return { settings, steps, parameters: denseParameters(first), buffers: first.buffers };
  const [parameters, buffers] = [new ParameterAverage(), new ParameterAverage()];
  for (const file of chosen) {
    const checkpoint = file === newest ? first : await readCheckpoint(file);
    parameters.add(denseParameters(checkpoint), file.name);
    buffers.add(checkpoint.buffers, file.name);
  }
  return { settings, steps, parameters: parameters.mean(), buffers: buffers.mean() };
}

function valuesOf({ name, shape }: { readonly name: string; readonly shape: readonly number[] }, found: readonly ParameterView[]): Float32Array {
  const view = found.find(each => each.name === name);
  if (view !== undefined && JSON.stringify(view.shape) === JSON.stringify(shape)) return view.values;
  throw new InputError([{ field: 'checkpoints', message: `The checkpoint ${view === undefined ? `lacks ${name}` : `holds ${name} with the shape [${view.shape.join(', ')}]`}, but the model has it with the shape [${shape.join(', ')}]: the data or the module have changed since the run was trained. Bring back what it was trained on, or train it again.` }]);
}
