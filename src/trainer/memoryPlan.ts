/**
 * How the passes of a step save memory, by the settings as they are now: microbatches, recomputed segments, and how activations are
 * stored. All three may change between two steps.
 */
import { dispose, zeros, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import { exactStorage, fewestPacked, halfStorage } from '../gradients/halfStorage';
import { withMicrobatches } from '../gradients/microbatches';
import type { GradientSource, SliceRequest, SliceSource } from '../gradients/gradientSource';
import type { ModelFigures } from '../gradients/recompute/figures';
import { RecomputeError, segmentsOf, type RecomputePolicy } from '../gradients/recompute/policies';
import { few, scaledFigures } from '../gradients/recompute/scaledFigures';
import { keepAll, type Segment } from '../gradients/recompute/segment';
import { tapeGradients, type TapeOptions } from '../gradients/tape';
import type { ActivationStorage } from '../gradients/storage';
import type { Weights } from '../gradients/weights';
import type { Ledger } from '../memory/ledger';
import type { Model } from '../models/model';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';

export type MemorySettings = Pick<Settings, 'microbatch' | 'recompute' | 'recomputeEvery' | 'recomputeLayers' | 'recomputeBudget' | 'activationPrecision'>;
const names = ['microbatch', 'recompute', 'recomputeEvery', 'recomputeLayers', 'recomputeBudget', 'activationPrecision'] as const satisfies readonly (keyof MemorySettings)[];

interface Slice {
  readonly examples: number;
  /** Numbers in its inputs and labels: sequences differ in length as well. */
  readonly size: number;
  readonly weights: Weights;
  /** Of one example. */
  readonly inputs: readonly Described[];
  readonly labels: Described;
}
interface Described {
  readonly shape: number[];
  readonly dtype: DataType;
}

export class MemoryPlan {
  private segments: readonly Segment[] | undefined;
  /** The largest slice so far, without its values: what layers cost depends on its size. */
  private largest: Slice | undefined;

  /** Throws InputError where the model cannot be cut as the settings ask. */
  constructor(private readonly ledger: Ledger, private readonly model: Model, private settings: MemorySettings) {
    if (settings.recompute !== 'budget') this.segments = cutModel(this.model, settings);
  }

  /** How the passes of a slice are made, by the settings of the moment. */
  readonly passes: Required<TapeOptions> = {
    segments: () => this.segments ?? keepAll(this.model),
    storage: () => storageOf(this.ledger, this.settings),
  };

  /** Whether the model can be cut as these settings ask; what a budget would need is found out only when it is asked for. */
  canCut(settings: MemorySettings): boolean {
    try {
      return settings.recompute === 'budget' || settings.recompute === 'none' || cutModel(this.model, settings).some(({ recompute }) => recompute);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return false;
    }
  }

  /** Gradients of whole batches, by the settings of the moment. */
  get source(): GradientSource {
    const { ledger } = this;
    const tape = tapeGradients(ledger, this.passes);
    const planned: SliceSource = async request => {
      await this.prepare(request);
      return tape(request);
    };
    return withMicrobatches(ledger, planned, () => this.settings.microbatch);
  }

  /** Takes those settings that are its own. When it rejects, nothing has changed. */
  async change(changed: Partial<MemorySettings>): Promise<void> {
    if (!names.some(name => name in changed)) return;
    const next = { ...this.settings, ...changed };
    this.segments = await this.planned(next, smaller(this.largest, next.microbatch));
    this.settings = next;
  }

  /** A budget is planned for the largest slice so far. */
  private async prepare({ weights, batch: { inputs, labels } }: SliceRequest): Promise<void> {
    const [examples = 0] = labels.shape;
    const size = [...inputs, labels].reduce((sum, tensor) => sum + tensor.size, 0);
    if (this.segments !== undefined && size <= (this.largest?.size ?? 0)) return;
    const described = ({ shape, dtype }: Tensor) => ({ shape: shape.slice(1), dtype });
    this.largest = { examples, size, weights, inputs: inputs.map(described), labels: described(labels) };
    this.segments = await this.planned(this.settings, this.largest);
  }

  /** Undefined where a budget is asked for before it is known of what. */
  private async planned(settings: MemorySettings, slice: Slice | undefined): Promise<readonly Segment[] | undefined> {
    if (settings.recompute !== 'budget') return cutModel(this.model, settings);
    return slice && cutModel(this.model, settings, await this.measure(slice));
  }

  /** On a few examples of zeros: what layers cost depends on shapes alone, and grows in proportion. */
  private async measure({ examples, weights, inputs, labels }: Slice): Promise<ModelFigures> {
    const { ledger, model } = this;
    return ledger.during('workspace', async () => {
      const made = [...inputs, labels].map(({ shape, dtype }) => zeros([few, ...shape], dtype));
      try {
        return await scaledFigures(model, weights, { inputs: made.slice(0, -1), labels: made.at(-1) as Tensor }, examples);
      } finally {
        dispose(made);
      }
    });
  }
}

/** Throws InputError where the model cannot be cut as the settings ask. A budget needs the figures of a slice. */
export function cutModel(model: Model, settings: MemorySettings, figures?: ModelFigures): readonly Segment[] {
  try {
    return segmentsOf(model, policyOf(settings), figures);
  } catch (error) {
    if (!(error instanceof RecomputeError)) throw error;
    const field = ({ named: 'recomputeLayers', budget: 'recomputeBudget', every: 'recomputeEvery' } as Partial<Record<Settings['recompute'], keyof MemorySettings>>)[settings.recompute] ?? 'recompute';
    throw new InputError([{ field, message: `${field} is ${JSON.stringify(settings[field])}. ${error.message}` }]);
  }
}

/** `share`: of the examples that there will be, those that are there; a few that stand for many are packed where the many would be. */
export function storageOf(ledger: Ledger, { activationPrecision }: Pick<MemorySettings, 'activationPrecision'>, share = 1): ActivationStorage {
  return activationPrecision === 'float32' ? exactStorage(ledger) : halfStorage(ledger, activationPrecision, share * fewestPacked);
}

function smaller(slice: Slice | undefined, microbatch: number | null): Slice | undefined {
  return slice && { ...slice, examples: Math.min(slice.examples, microbatch ?? slice.examples) };
}

export function policyOf({ recompute, recomputeEvery, recomputeLayers, recomputeBudget, activationPrecision }: MemorySettings): RecomputePolicy {
  switch (recompute) {
    case 'none': case 'sqrt': case 'block': return { kind: recompute };
    case 'every': return { kind: 'every', layers: recomputeEvery };
    case 'named': return { kind: 'named', layers: recomputeLayers };
    case 'budget': return { kind: 'budget', bytes: 1e6 * recomputeBudget, bytesPerElement: activationPrecision === 'float32' ? 4 : 2 };
  }
}
