/**
 * Estimates runs before they are started, one after the other. Models, data and recorded passes are kept between estimates, so that the
 * next one of the same model, with other settings, takes milliseconds.
 */
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { statSync } from 'node:fs';
import type { Backend } from '../../backends/backend';
import type { BackendPlace } from '../../backends/loadBackend';
import type { Estimate } from '../../protocol/estimate';
import type { Settings } from '../../settings/knobs';
import { sections } from '../../settings/knobTable';
import { backendForEstimate, type EstimateBackend } from '../choice/backendForEstimate';
import { runParts, type RunParts } from '../runParts';
import type { StepTimes, Wanted } from '../probe/stepProbes';
import type { ProbeControl } from '../probe/timedInTurns';
import type { ModelCosts } from './modelCosts';
import { SubjectEstimates, type EstimateOptions } from './subjectEstimate';
import { remembered } from './weighRun';

interface Known {
  readonly parts: RunParts;
  readonly estimates: SubjectEstimates;
}

/** So many models with their data are kept. */
const mostKnown = 3;

export class Estimator {
  private readonly known = new Map<string, Promise<Known>>();
  private readonly backends = new Map<string, Promise<EstimateBackend>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly place: BackendPlace) {}

  /** Rejects with InputError where the settings are refused, or as the signal says. */
  estimate(settings: Settings, options: EstimateOptions = {}): Promise<Estimate> {
    return this.inTurn(options.signal, () => this.make(settings, options));
  }

  /** What the layers of the model cost. */
  modelCosts(settings: Settings, signal?: AbortSignal): Promise<ModelCosts> {
    return this.inTurn(signal, async () => {
      const { backend } = await this.backendFor(settings);
      const { estimates } = await this.knownFor(settings, backend);
      return estimates.costs({ ...settings, backend: backend.name });
    });
  }

  /** What the parts of a step take on this machine, by computing for some seconds at most. */
  stepTimes(settings: Settings, wanted: Wanted, control: ProbeControl = {}): Promise<StepTimes> {
    return this.inTurn(control.signal, async () => {
      const { backend } = await this.backendFor(settings);
      const { estimates } = await this.knownFor(settings, backend);
      return estimates.times({ ...settings, backend: backend.name }, wanted, control);
    });
  }

  /** Only one at a time may use the backend. */
  private inTurn<Result>(signal: AbortSignal | undefined, make: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(() => {
      signal?.throwIfAborted();
      return make();
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    for (const key of this.known.keys()) this.forget(key);
  }

  private async make(settings: Settings, options: EstimateOptions): Promise<Estimate> {
    const { backend, assumption } = await this.backendFor(settings);
    const { estimates } = await this.knownFor(settings, backend);
    const estimate = await estimates.of({ ...settings, backend: backend.name }, options);
    return assumption === undefined ? estimate : { ...estimate, assumptions: [...estimate.assumptions, assumption] };
  }

  private async backendFor(settings: Settings): Promise<EstimateBackend> {
    const found = await remembered(this.backends, JSON.stringify([settings.backend, settings.model, settings.batchSize]), () => backendForEstimate(settings, this.place));
    if (getBackend() !== found.backend.name) await setBackend(found.backend.name);
    return found;
  }

  private async knownFor(settings: Settings, backend: Backend): Promise<Known> {
    const key = keyOf(settings, backend);
    const known = remembered(this.known, key, async () => {
      const parts = await runParts(settings, this.place.assets, { undrawnOn: backend });
      return { parts, estimates: new SubjectEstimates(backend, parts.model, parts.dataset, this.place.assets) };
    });
    // The one asked for last goes last.
    this.known.delete(key);
    this.known.set(key, known);
    for (const oldest of [...this.known.keys()].slice(0, -mostKnown)) this.forget(oldest);
    return known;
  }

  private forget(key: string): void {
    void this.known.get(key)?.then(({ parts }) => { parts.dataset.close(); }, () => undefined);
    this.known.delete(key);
  }
}

/** All that model and data are made of; how batches are cut is not among it. */
function keyOf(settings: Settings, { name }: Backend): string {
  const { model, data, module, seed } = settings;
  const text = Object.keys(sections.text).filter(each => each !== 'batchTokens').map(each => settings[each as keyof Settings]);
  return JSON.stringify([name, model, data, module, module === null ? 0 : statSync(module, { throwIfNoEntry: false })?.mtimeMs, seed, text]);
}
