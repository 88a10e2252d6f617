/** What one step of a run will take, with the model, data and backend that it has. */
import type { Segment } from '../../gradients/recompute/segment';
import { sizeOf, type Model } from '../../models/model';
import type { Dataset } from '../../data/dataset';
import type { Backend } from '../../backends/backend';
import type { Estimate } from '../../protocol/estimate';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/memoryTechniques';
import { InputError } from '../../settings/problem';
import { shapesOf, type RunShapes } from './batchShapes';
import { assumptionsOf } from './assumptions';
import { modelCosts, type ModelCosts } from './modelCosts';
import { measurePassTime, type PassTime } from './passTime';
import { measureUpdateTime } from './updateTime';
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
  private readonly updateTimes = new Map<string, Promise<number | undefined>>();

  constructor(private readonly backend: Backend, private readonly model: Model, private readonly dataset: Dataset, private readonly assets: string) {
    this.scales = new RunScales({ backend, model, dataset }, assets);
  }

  /** Rejects where it cannot be said, with an Error in words. */
  async of(settings: Settings, { signal, bytesOnly = false, segments }: EstimateOptions = {}): Promise<Estimate> {
    const { backend, model } = this;
    if (settings.workers > 1) throw new InputError([{ field: 'workers', message: `workers is ${settings.workers}, but bytes are estimated for one thread alone. Set it to 1.` }]);
    const shapes = this.shapesFor(settings);
    const weighed = await this.scales.weigh(settings, shapes, { signal, segments });
    const { extremes: { peakBytes, peakPhase, bytesAtPeak, storedPeak, most } } = weighed;
    const flops = this.flops(weighed.passes[0], shapes);
    const times = bytesOnly ? undefined : await this.stepTime(settings, shapes, flops, signal);
    return {
      bytes: most, peakBytes, peakPhase, bytesAtPeak, storedPeak, ...flops, ...times?.stepMs === undefined ? {} : { stepMs: times.stepMs },
      parameterCount: model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0), examples: shapes.training.examples, backend: backend.name,
      assumptions: assumptionsOf({ settings, shapes, isExtrapolated: weighed.isExtrapolated, largest: weighed.largest, timed: times, backend }),
    };
  }

  /** What the layers cost, by which combinations of settings can be compared before they are estimated. */
  costs(settings: Settings): Promise<ModelCosts> {
    const { model, dataset, backend, assets } = this;
    return modelCosts({ model, dataset, backend }, this.shapesFor({ ...settings, microbatch: null }), assets);
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

  private async stepTime(settings: Settings, { training }: RunShapes, { flops, recomputedFlops }: { flops: number; recomputedFlops: number }, signal?: AbortSignal): Promise<{ stepMs: number; withUpdate: boolean }> {
    signal?.throwIfAborted();
    const { backend, model, dataset } = this;
    const [slice] = training.largest as readonly [RunShapes['training']['largest'][number]];
    const key = JSON.stringify([slice.inputs, slice.labels, settings.activationPrecision, isPacked(settings)]);
    const { fixedMs, msAnExample } = await remembered(this.passTimes, key, () => measurePassTime({ backend, model, dataset }, settings, slice));
    const again = flops === 0 ? 0 : recomputedFlops / flops;
    const passes = (1 + again) * (training.slices * fixedMs + training.share * slice.examples * msAnExample);
    const update = await measureUpdateTime(this.updateTimes, settings, model, this.assets);
    return { stepMs: passes + (update ?? 0), withUpdate: update !== undefined };
  }
}
