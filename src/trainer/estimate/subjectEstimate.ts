/** What one step of a run will take, with the model, data and backend that it has. */
import type { Segment } from '../../gradients/recompute/segment';
import { sizeOf, type Model } from '../../models/model';
import type { Dataset } from '../../data/dataset';
import type { Backend } from '../../backends/backend';
import type { Estimate } from '../../protocol/estimate';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/memoryTechniques';
import { InputError } from '../../settings/problem';
import { numbersIn, shapesOf, type RunShapes, type SliceShape } from './batchShapes';
import { assumptionsOf } from './assumptions';
import { modelCosts, type ModelCosts } from './modelCosts';
import { StepProbes, type StepTimes, type Wanted } from '../probe/stepProbes';
import type { ProbeControl } from '../probe/timedInTurns';
import { measurePassTime, type PassTime } from './passTime';
import { measureUpdateTime, updateKey, type UpdateTime } from './updateTime';
import { remembered, RunScales } from './weighRun';

export interface EstimateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Leaves times out, which are measured by computing. */
  readonly bytesOnly?: boolean;
  /** What is recomputed, where that is decided already; else it follows from the settings. */
  readonly segments?: readonly Segment[] | undefined;
}

export class SubjectEstimates {
  private readonly scales: RunScales;
  private readonly shapes = new Map<string, RunShapes>();
  private readonly passTimes = new Map<string, Promise<PassTime>>();
  private readonly updateTimes = new Map<string, Promise<UpdateTime>>();
  private readonly probes: StepProbes;

  constructor(private readonly backend: Backend, private readonly model: Model, private readonly dataset: Dataset, private readonly assets: string) {
    this.scales = new RunScales({ backend, model, dataset }, assets);
    this.probes = new StepProbes({ backend, model, dataset }, settings => this.updateTime(settings, this.shapesFor(settings).steps));
  }

  /** Rejects where it cannot be said, with an Error in words. */
  async of(settings: Settings, { signal, bytesOnly = false, segments }: EstimateOptions = {}): Promise<Estimate> {
    const { backend, model } = this;
    if (settings.workers > 1) throw new InputError([{ field: 'workers', message: `workers is ${settings.workers}, but must be 1 for estimates and plans: they know what one thread holds, and each worker holds parameters, gradients and activations of its own. Set workers to 1; techniques that save memory need that anyway.` }]);
    const shapes = this.shapesFor(settings);
    const weighed = await this.scales.weigh(settings, shapes, { signal, segments });
    const { extremes: { peakBytes, peakPhase, bytesAtPeak, storedPeak, most } } = weighed;
    const flops = this.flops(weighed.passes[0], shapes);
    const times = bytesOnly ? undefined : await this.stepTime(settings, shapes, flops, signal);
    return {
      bytes: most, peakBytes, peakPhase, bytesAtPeak, storedPeak, ...flops, ...times === undefined ? {} : { stepMs: times.stepMs },
      parameterCount: model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0), examples: shapes.training.examples, backend: backend.name, ...(backend.device === undefined ? {} : { device: backend.device }),
      assumptions: assumptionsOf({ settings, shapes, isExtrapolated: weighed.isExtrapolated, largest: weighed.largest, timed: times, backend }),
    };
  }

  /** What the layers cost, by which combinations of settings can be compared before they are estimated. */
  costs(settings: Settings): Promise<ModelCosts> {
    const { model, dataset, backend, assets } = this;
    return modelCosts({ model, dataset, backend }, this.shapesFor({ ...settings, microbatch: null }), assets);
  }

  /** Times of the parts of a step, measured for several ways to make it. */
  times(settings: Settings, wanted: Wanted, control: ProbeControl): Promise<StepTimes> {
    const { largest: [slice], share, examples } = this.shapesFor({ ...settings, microbatch: null }).training;
    if (slice === undefined) throw new Error('A run without batches takes no time.');
    return this.probes.measure(settings, wanted, { slice, numbersAnExample: share * numbersIn(slice) / examples }, control);
  }

  private shapesFor(settings: Settings): RunShapes {
    const { batchSize, batchTokens, microbatch, epochs, validationFraction, seed, shift } = settings;
    const key = JSON.stringify([batchSize, batchTokens, microbatch, epochs, validationFraction, seed, shift]);
    const shapes = this.shapes.get(key) ?? shapesOf(this.dataset, settings);
    this.shapes.set(key, shapes);
    return shapes;
  }

  /** Of the mean step. */
  private flops(pass: { readonly flops: number; readonly recomputedFlops: number } | undefined, { training: { share } }: RunShapes): { flops: number; recomputedFlops: number } {
    return { flops: share * (pass?.flops ?? 0), recomputedFlops: share * (pass?.recomputedFlops ?? 0) };
  }

  private async stepTime(settings: Settings, { training, steps }: RunShapes, { flops, recomputedFlops }: { flops: number; recomputedFlops: number }, signal?: AbortSignal): Promise<StepTime> {
    signal?.throwIfAborted();
    const { slices, share, largest: [slice] } = training;
    const { fixedMs, msANumber } = await this.passTime(settings, slice as SliceShape);
    const again = flops === 0 ? 0 : recomputedFlops / flops;
    const passes = (1 + again) * (slices * fixedMs + share * numbersIn(slice as SliceShape) * msANumber);
    signal?.throwIfAborted();
    const { updateMs, collectMs, lendMs, how } = await this.updateTime(settings, steps);
    // Each layer's parameters are made dense in the forward pass, when it runs again, and in the backward pass.
    const lent = isPacked(settings) ? (2 + 3 * again) * lendMs : 0;
    return { stepMs: passes + slices * (collectMs + lent) + updateMs, how };
  }

  private passTime(settings: Settings, slice: SliceShape): Promise<PassTime> {
    const { backend, model, dataset } = this;
    // One line serves slices of all sizes but the smallest, which have less to measure it on.
    const key = JSON.stringify([Math.min(slice.examples, enoughExamples), settings.activationPrecision, isPacked(settings)]);
    return remembered(this.passTimes, key, () => measurePassTime({ backend, model, dataset }, settings, slice));
  }

  private updateTime(settings: Settings, totalSteps: number): Promise<UpdateTime> {
    const { backend, model: { parameters }, assets } = this;
    return remembered(this.updateTimes, updateKey(settings), () => measureUpdateTime({ settings, backend, totalSteps, assets }, parameters));
  }
}

const enoughExamples = 8;

export interface StepTime {
  readonly stepMs: number;
  /** How its update was found. */
  readonly how: string;
}
