/**
 * The bytes of a run: passes over one slice of its largest batch, extrapolated from passes over a few examples; what its placement holds
 * from step to step and in an update; and its validation.
 */
import type { Segment } from '../../gradients/recompute/segment';
import { few, scaledFigures } from '../../gradients/recompute/scaledFigures';
import { noBytes } from '../../protocol/samples';
import { instantAt } from '../../protocol/snapshot/instant';
import { livesOf } from '../../protocol/snapshot/lives';
import type { Settings } from '../../settings/knobs';
import { isPacked, scalesLoss } from '../../settings/memoryTechniques';
import { cutModel, policyOf } from '../memoryPlan';
import type { RunShapes, SliceShape } from './batchShapes';
import { addedBytes, extremesAt, extremesOf, joined, type Extremes } from './extremes';
import { extrapolated, type Recorded } from './extrapolate';
import { heldBytes } from './heldBytes';
import { recordEvaluation, recordTraining, type Recording, type Subject } from './recordPasses';
import { standInBatch, withStandIns } from './standIns';
import type { EstimateOptions } from './subjectEstimate';

export interface Weighed {
  readonly extremes: Extremes;
  /** One slice of each of the largest shapes. */
  readonly passes: readonly Recorded[];
  /** The shape among the largest whose passes hold the most. */
  readonly largest: SliceShape | undefined;
  /** Whether all was extrapolated from a few examples; else some passes did not match and were made in full. */
  readonly isExtrapolated: boolean;
}

/** Pairs of small numbers of examples; the later ones where an operation chooses another way for very few. */
const pairs = [[2, 4], [8, 16], [32, 64]] as const;

export class RunScales {
  private readonly recordings = new Map<string, Promise<Recorded>>();
  private readonly cuts = new Map<string, readonly Segment[]>();

  constructor(private readonly subject: Subject, private readonly assets: string) {}

  async weigh(settings: Settings, { training, validation, steps }: RunShapes, { signal, segments: decided }: Pick<EstimateOptions, 'signal' | 'segments'> = {}): Promise<Weighed> {
    const { model, backend } = this.subject;
    const held = heldBytes({ settings, model, backend, totalSteps: steps, assets: this.assets });
    const extremes: Extremes[] = [];
    const passes: Recorded[] = [];
    let isExtrapolated = true;
    let highest: { readonly slice: SliceShape; readonly peakBytes: number } | undefined;
    const weighAll = async (slices: readonly SliceShape[], count: number, how: 'training' | 'evaluation') => {
      for (const slice of slices) {
        signal?.throwIfAborted();
        const segments = how === 'training' ? decided ?? await this.segments(settings, slice) : [];
        const { recorded, wasExtrapolated } = await this.recorded({ settings, slice, slices: count, segments, totalSteps: steps }, how);
        isExtrapolated &&= wasExtrapolated;
        if (how === 'training') passes.push(recorded);
        const beside = how === 'training' && isOnDevice(settings) ? noBytes() : held.always;
        const found = extremesOf(recorded.snapshot, beside);
        extremes.push(found);
        if (how === 'training' && found.peakBytes > (highest?.peakBytes ?? 0)) highest = { slice, peakBytes: found.peakBytes };
      }
    };
    await weighAll(training.largest, Math.ceil(training.slices), 'training');
    await weighAll(validation.largest, 1, 'evaluation');
    const left = passes[0] && livesOf(passes[0].snapshot);
    if (left !== undefined) for (const workspace of held.updates) extremes.push(extremesAt(addedBytes(instantAt(left, left.last).bytes, { ...held.always, workspace: held.always.workspace + workspace }), 'update'));
    return { extremes: joined(extremes), passes, largest: highest?.slice, isExtrapolated };
  }

  private async recorded(about: Omit<Recording, 'examples'>, how: 'training' | 'evaluation'): Promise<{ recorded: Recorded; wasExtrapolated: boolean }> {
    const { examples } = about.slice;
    for (const [small, large] of pairs) {
      if (examples <= large) break;
      const made = extrapolated(await this.record({ ...about, examples: small }, how), await this.record({ ...about, examples: large }, how), examples);
      if (made !== undefined) return { recorded: made, wasExtrapolated: true };
    }
    return { recorded: await this.record({ ...about, examples }, how), wasExtrapolated: examples <= pairs[0][1] };
  }

  private record(recording: Recording, how: 'training' | 'evaluation'): Promise<Recorded> {
    const { settings, examples, segments, slice: { inputs, labels, examples: all } } = recording;
    const { activationPrecision: precision } = settings;
    const make = () => (how === 'training' ? recordTraining : recordEvaluation)(this.subject, recording);
    if (isOnDevice(settings)) return make();
    return remembered(this.recordings, JSON.stringify([how, inputs, labels, examples, segments, precision, precision === 'float32' ? 0 : all, isPacked(settings), scalesLoss(settings)]), make);
  }

  /** A budget is planned by what layers take, which is measured on a few examples. */
  private async segments(settings: Settings, slice: SliceShape): Promise<readonly Segment[]> {
    const { model, dataset: { labelKind } } = this.subject;
    if (settings.recompute !== 'budget') return cutModel(model, settings);
    const key = JSON.stringify([policyOf(settings), isPacked(settings), slice]);
    const known = this.cuts.get(key);
    if (known !== undefined) return known;
    const segments = await withStandIns(model, settings, async weights => {
      const batch = standInBatch(slice, labelKind)(few);
      try {
        return cutModel(model, settings, await scaledFigures(model, weights, batch, slice.examples));
      } finally {
        for (const tensor of [...batch.inputs, batch.labels]) tensor.dispose();
      }
    });
    this.cuts.set(key, segments);
    return segments;
  }
}

/** There the state is made of tensors, and recorded with the passes. */
function isOnDevice(settings: Settings): boolean {
  return !isPacked(settings) && settings.placement === 'device';
}

/** A promise that rejects is not kept. */
export function remembered<Key, Made>(kept: Map<Key, Promise<Made>>, key: Key, make: () => Promise<Made>): Promise<Made> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}
