/** A loss or gradient that is not finite, traced to the first layer that made it so. Costs a forward and a backward pass, after a step has failed. */
import type { BatchSource } from '../../gradients/gradientSource';
import { firstNonFinite, type Origin } from '../../gradients/firstNonFinite';
import { exactStorage } from '../../gradients/halfStorage';
import { cut, withExamples } from '../../gradients/microbatches';
import { mixedSeed } from '../../gradients/nodeSeed';
import { cutIntoSlices } from '../../gradients/slices';
import { keepAll } from '../../gradients/recompute/segment';
import type { NonFiniteGradientError } from '../../optimizers/nonFiniteGradient';
import type { Fix } from '../../protocol/runEvents';
import { settingsInWords } from '../../protocol/memoryFix';
import { isUsedBy, type Settings } from '../../settings/knobs';
import type { Assembly } from '../assemble';
import type { Finding } from './finding';

export type Traced = Pick<Assembly, 'model' | 'placement' | 'memoryPlan' | 'stepper' | 'ledger' | 'scaling'>;

/** What is not finite: a step's loss, a validation's, or a gradient, which was refused. */
export type Broken =
  | { readonly what: 'loss' | 'validation loss'; readonly value: number }
  | { readonly what: 'gradient'; readonly refused: NonFiniteGradientError };

/** `step`: the step that failed, or after which the validation was. */
export async function nonFiniteFinding(run: Traced, batch: BatchSource, step: number, settings: Settings, broken: Broken): Promise<Finding> {
  const origin = await originOf(run, batch, step, settings, broken.what !== 'validation loss');
  const isGood = run.stepper.isIntact && broken.what !== 'validation loss' && !(origin?.where === 'output' && origin.parameter !== undefined);
  const fix = fixFor(origin, settings, broken, isGood);
  return {
    kind: 'nonFinite', isGood, canGoOn: isGood || broken.what === 'validation loss', fix, ...(broken.what === 'gradient' ? { cause: broken.refused } : {}),
    ...(origin !== undefined && 'layer' in origin ? { layer: origin.layer } : {}), where: origin?.where ?? (broken.what === 'gradient' ? 'gradient' : 'loss'),
    message: `${told(broken, origin, step, settings)} ${traced(origin, broken, settings)}`,
  };
}

/** Slice by slice as the step was cut, with its seeds. */
async function originOf({ model, placement: { weights }, memoryPlan, stepper, ledger, scaling }: Traced, batch: BatchSource, step: number, settings: Settings, training: boolean): Promise<Origin | undefined> {
  const { examples } = batch;
  const { segments, storage } = training ? memoryPlan.passes : { segments: keepAll, storage: () => exactStorage(ledger) };
  const slices = !training ? [{ from: 0, to: examples }] : settings.workers > 1 ? cutIntoSlices(examples, settings.workers) : cut(batch, settings.microbatch ?? examples);
  for (const [index, { from, to }] of slices.entries()) {
    const origin = await withExamples(ledger, training ? 'forward' : 'validation', batch, from, to, made => firstNonFinite(ledger, {
      model, weights, batch: made, seed: mixedSeed(stepper.seedOf(step), index), slices: slices.length, lossScale: scaling?.scale ?? 1, segments: segments(model), storage: storage(), training,
    }));
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function told(broken: Broken, origin: Origin | undefined, step: number, { learningRate }: Settings): string {
  if (broken.what === 'gradient') return broken.refused.message;
  const diverged = origin?.where === 'data' || (origin !== undefined && 'overflow' in origin) ? '.' : `: training has diverged at learningRate ${learningRate}.`;
  return `${broken.what} is ${broken.value} at step ${step}, but must be a finite number${diverged}`;
}

function traced(origin: Origin | undefined, { what }: Broken, { parameterPrecision }: Settings): string {
  if (origin === undefined) {
    return what === 'gradient' && parameterPrecision === 'float16' ? 'In float32 it is finite: float16, in which it is stored, cannot hold it.' : 'When the step was computed again all was finite, so the layer is not known.';
  }
  if (origin.where === 'data') return `The batch itself holds NaN or infinity, in its ${origin.which}.`;
  if (origin.where === 'loss') return 'All layers have finite outputs: the loss itself is what is not.';
  if (origin.overflow !== undefined) {
    return `The output of the layer ${origin.layer} reaches ${origin.overflow.largest.toPrecision(3)}, which float16, in which activations are stored, cannot hold: it ends at 65,504.`;
  }
  if (origin.where === 'gradient') return `Going back from the loss, the layer ${origin.layer} is the first whose gradients are not finite.`;
  const why = origin.parameter === undefined ? '' : `, because ${origin.parameter} is not: the update before went too far`;
  return `The layer ${origin.layer} is the first whose output is not finite${why}.`;
}

function fixFor(origin: Origin | undefined, { learningRate, optimizer, parameterPrecision }: Settings, { what }: Broken, isGood: boolean): Fix | undefined {
  if (origin?.where === 'data') return undefined;
  const way = isGood ? 'change' : 'restart';
  if (origin !== undefined && 'overflow' in origin) {
    const settings = { activationPrecision: 'bfloat16' };
    return { settings, way, words: `Set ${settingsInWords(settings)}, which has the range of float32.` };
  }
  if (origin === undefined && what === 'gradient' && parameterPrecision === 'float16') {
    const settings = { parameterPrecision: 'bfloat16' };
    return { settings, way: 'restart', words: `Set ${settingsInWords(settings)} and start the run again.` };
  }
  const damping = isUsedBy('damping', optimizer) ? ', raise the damping' : '';
  return { settings: { learningRate: third(learningRate) }, way, words: `Lower the learning rate, to ${third(learningRate)} say${damping}, or start again from other settings.` };
}

/** To two digits, and within what the table of knobs allows. */
export function third(learningRate: number): number {
  return Math.max(1e-7, Number((learningRate / 3).toPrecision(2)));
}
