/** A run that never was, with the figures of a real one: what the host would send of it, at any point of its life. */
import type { UsedBackend } from '../../src/protocol/backends';
import type { RunView, SnapshotMessage, UpdateMessage } from '../../src/protocol/panel';
import { appendPoint, upToStep } from '../../src/protocol/points';
import type { Estimate } from '../../src/protocol/estimate';
import type { Forecast, MemorySample, RunEvent, SampleEvent, ValidationEvent } from '../../src/protocol/runEvents';
import { applyEvent, initialState, type RunStatus } from '../../src/protocol/runState';
import { noBytes, sumBytes } from '../../src/protocol/samples';
import type { DiagnosticsSample } from '../../src/protocol/diagnostics';
import { defaultsFor, isUsedBy, type Settings } from '../../src/settings/knobs';
import { parameterSpace } from '../../src/settings/parameterSpace';
import { gradientBytes, parametersBytes } from '../../src/settings/formulas/packed';
import { isPacked, scalesLoss } from '../../src/settings/memoryTechniques';
import { stateBytes, totalBytes } from '../../src/settings/stateBytes';

const parameters = [
  { name: 'dense1/kernel', shape: [784, 256] }, { name: 'dense1/bias', shape: [256] }, { name: 'dense2/kernel', shape: [256, 128] },
  { name: 'dense2/bias', shape: [128] }, { name: 'logits/kernel', shape: [128, 10] }, { name: 'logits/bias', shape: [10] },
];
const space = parameterSpace(parameters);
export const parameterCount = space.dimension;
const stepsPerEpoch = 71;
const stepMs = 13.4;
/** Steps that one sample covers. */
const steps = 2;

/** Stated here, so that no test hangs on a default. */
const base: Partial<Settings> = { epochs: 5, batchSize: 128, learningRate: 0.01, momentum: 0, weightDecay: 0, density: 0.01, window: 32, damping: 0.001 };

type Unstamped<Event extends RunEvent> = Event extends RunEvent ? Omit<Event, 'sequence' | 'time'> : never;

export class PanelRun {
  readonly view: RunView;
  readonly state;
  points: SampleEvent[] = [];
  validations: ValidationEvent[] = [];
  private sequence = 0;
  private sentPoints = 0;
  private sentValidations = 0;
  private readonly samples: SampleEvent[] = [];

  constructor(settings: Partial<Settings> = {}, directory = '/workspace/.efcp/runs/digits') {
    this.state = initialState({ ...defaultsFor(settings.optimizer ?? 'sparse-mfac'), ...base, ...settings });
    this.view = {
      version: 1, id: 'digits', name: 'Digits, perceptron', createdAt: '2026-01-05T10:00:00.000Z', source: { kind: 'preset', name: 'digits-mlp' },
      settings: { ...this.state.settings }, studio: '0.1.0', directory,
    };
  }

  prepare(what: string): this {
    return this.say({ type: 'preparing', what });
  }

  start(backend: UsedBackend = { name: 'wasm', version: '4.22.0', reason: 'embedded; nothing faster is installed here' }, predicted?: Estimate): this {
    return this.say({
      type: 'started', settings: { ...this.state.settings }, parameterCount, parameters, trainExamples: 9000, validationExamples: 1000,
      stepsPerEpoch, totalSteps: stepsPerEpoch * this.state.settings.epochs, datasetBytes: 7_850_000,
      backend, ...(predicted === undefined ? {} : { predicted }),
    });
  }

  /** Goes on by so many samples. */
  advance(count: number): this {
    for (let index = 0; index < count; index++) {
      const step = this.state.step + steps;
      const loss = lossAt(step);
      this.say({
        type: 'sample', step, steps, loss, lossMin: loss * (0.86 - 0.03 * wave(step, 7)), lossMax: loss * (1.16 + 0.05 * wave(step, 5)),
        accuracy: accuracyOf(loss), ...savingsAt(step, this.state.settings), stepMs: stepMs + wave(step, 3), memory: memoryAt(step, this.state.settings),
        diagnostics: diagnosticsAt(step, this.state.settings),
      });
      const endsEpoch = Math.floor(step / stepsPerEpoch) > Math.floor((step - steps) / stepsPerEpoch);
      if (endsEpoch) this.say({ type: 'validation', step, loss: loss * 1.08, accuracy: accuracyOf(loss * 1.08) });
    }
    return this;
  }

  /** The host took a change and waits for the trainer. */
  await(settings: Partial<Settings>, revision: number): this {
    const weigh = (all: Settings) => totalBytes(stateBytes(all, space));
    this.state.pending.push({ revision, settings, predictedDeltaBytes: weigh({ ...this.state.settings, ...settings }) - weigh(this.state.settings) });
    return this;
  }

  /** The trainer made a change. */
  apply(settings: Partial<Settings>, revision: number, undoes?: number, forecast?: Forecast): this {
    const current = this.state.settings;
    const weigh = (all: Settings) => totalBytes(stateBytes(all, space));
    const from = Object.fromEntries(Object.keys(settings).map(name => [name, current[name as keyof Settings]]));
    return this.say({
      type: 'applied', revision, step: this.state.step, from, to: { ...settings }, ...(undoes === undefined ? {} : { undoes }), ...(forecast === undefined ? {} : { forecast }),
      stateBytesBefore: weigh(current), stateBytesAfter: weigh({ ...current, ...settings }),
    });
  }

  reject(revision: number, message: string): this {
    return this.say({ type: 'rejected', revision, step: this.state.step, message });
  }

  finish(reason: 'completed' | 'stopped' | 'failed', message?: string, fallback?: string): this {
    return this.say({ type: 'finished', reason, ...(message === undefined ? {} : { message }), ...(fallback === undefined ? {} : { fallback }), steps: this.state.step, metrics: {} });
  }

  alarm(alarm: Omit<Extract<RunEvent, { type: 'alarm' }>, 'sequence' | 'time' | 'type' | 'step'>): this {
    this.say({ type: 'alarm', step: this.state.step, ...alarm });
    return alarm.action === 'paused' ? this.say({ type: 'paused', step: this.state.step }) : this;
  }

  resumed(): this {
    return this.say({ type: 'resumed', step: this.state.step });
  }

  save(): this {
    return this.say({ type: 'saved', step: this.state.step, checkpoint: `step-${this.state.step}`, bytes: 1000, ms: 5 });
  }

  /** A step was recorded allocation by allocation. */
  record(step: number, reason: 'asked' | 'peak'): this {
    return this.say({ type: 'snapshot', step, file: `step-${String(step).padStart(8, '0')}.efcpsnap`, bytes: 4000, events: 700, peakBytes: 12_345_678, reason });
  }

  /** Goes on from a checkpoint that holds so many changes; a snapshot must follow. */
  restore(step: number, changes: number): this {
    const settings = this.state.changes.slice(0, changes).reduce<Record<string, unknown>>((all, { to }) => ({ ...all, ...to }), { ...this.view.settings });
    this.points = upToStep(this.points, step);
    this.validations = upToStep(this.validations, step);
    const backend = { name: 'wasm', version: '4.22.0', reason: 'embedded' };
    return this.say({ type: 'restored', step, checkpoint: `step-${step}`, settings, changes, totalSteps: stepsPerEpoch * this.state.settings.epochs, backend, refused: [] });
  }

  /** What the host knows without an event. */
  become(status: RunStatus): this {
    this.state.status = status;
    return this;
  }

  snapshot(): SnapshotMessage {
    this.markSent();
    return { type: 'snapshot', run: this.view, state: structuredClone(this.state), points: this.points, validations: this.validations };
  }

  /** What came since the last message. */
  update(): UpdateMessage {
    const [points, validations] = [this.samples.slice(this.sentPoints), this.validations.slice(this.sentValidations)];
    this.markSent();
    return { type: 'update', state: structuredClone(this.state), points, validations };
  }

  private markSent(): void {
    this.sentPoints = this.samples.length;
    this.sentValidations = this.validations.length;
  }

  private say(event: Unstamped<RunEvent>): this {
    const said: RunEvent = { ...event, sequence: this.sequence++, time: Math.round(40 + this.state.step * stepMs) };
    applyEvent(this.state, said);
    if (said.type === 'sample') {
      this.samples.push(said);
      this.points = appendPoint(this.points, said);
    }
    if (said.type === 'validation') this.validations = [...this.validations, said];
    return this;
  }
}

/** Repeatable noise between -1 and 1. */
function wave(step: number, pace: number): number {
  return Math.sin(step * pace * 0.73) * Math.cos(step * pace * 0.211 + pace);
}

function lossAt(step: number): number {
  return 0.16 + 2.1 * Math.exp(-step / 70) + 0.35 * Math.exp(-step / 300) + 0.025 * wave(step, 2) * Math.exp(-step / 400);
}

function accuracyOf(loss: number): number {
  return Math.min(0.999, Math.max(0.08, 1 - 0.34 * loss));
}

export function diagnosticsAt(step: number, { optimizer, errorFeedback, density, window }: Settings): DiagnosticsSample {
  const gradientNorm = 1.4 * Math.exp(-step / 200) + 0.2;
  const filled = Math.min(step, window);
  const has = { residual: isUsedBy('errorFeedback', optimizer) && errorFeedback, gram: isUsedBy('window', optimizer) && optimizer !== 'micro-adam' };
  const residualRatio = (3 + wave(step, 2)) * (1 - Math.exp(-step / 60)) * Math.sqrt(0.01 / density);
  return {
    measured: 1, gradientNorm, updateCosine: 0.42 + 0.08 * wave(step, 3), updateRatio: (5 + wave(step, 4)) / gradientNorm ** 2,
    updateSupport: Math.min(1, filled * density * 0.7),
    ...(has.residual ? { residualNorm: residualRatio * gradientNorm, residualRatio } : {}),
    ...(has.gram ? { gramCondition: 40 + 30 * wave(step, 1) + step, effectiveWindow: 1 + 0.4 * filled * (1 + 0.1 * wave(step, 5)) } : {}),
  };
}

/** What the techniques that save memory report, of those that are on. */
export function savingsAt(step: number, settings: Settings): Pick<SampleEvent, 'flops' | 'recomputedFlops' | 'lossScale' | 'skippedSteps' | 'rewired'> {
  return {
    flops: 181_000_000, ...(settings.recompute === 'none' ? {} : { recomputedFlops: 27_800_000 }),
    ...(scalesLoss(settings) ? { lossScale: 65_536 / 2 ** Math.floor(step / 100), skippedSteps: Math.floor(step / 100) } : {}),
    ...(settings.weightDensity < 1 && step > settings.rewireEvery ? { rewired: 1_204 } : {}),
  };
}

export function memoryAt(step: number, settings: Settings): MemorySample {
  const parts = stateBytes(settings, space);
  const parameters = isPacked(settings) ? parametersBytes(settings, space.tensors) : 4 * parameterCount;
  const gradients = isPacked(settings) ? gradientBytes(settings, space.tensors) : 4 * parameterCount;
  const optimizerState = totalBytes(parts);
  const bytesAtPeak = {
    ...noBytes(), parameters, gradients: gradients + 802_816, optimizerState, activations: activationsOf(settings), activationGradients: 131_072, buffers: 24_576,
    data: 401_920, workspace: 663_556 + Math.round(20_000 * (1 + wave(step, 1))), unattributed: 4_096,
  };
  const storedPeak = { ...bytesAtPeak, activations: bytesAtPeak.activations + 16_384, gradients, workspace: 65_536 };
  return {
    peakBytes: sumBytes(bytesAtPeak), storedPeak, peakPhase: 'backward', bytesAtPeak,
    liveBytes: { ...noBytes(), parameters, gradients, optimizerState }, stateBytes: parts,
    held: { process: 108_814_336 + step * 512, wasmHeap: 16_777_216, wasmTensors: 2_097_152 },
  };
}

function activationsOf({ microbatch, batchSize, activationPrecision }: Settings): number {
  return 1024 * Math.min(microbatch ?? batchSize, batchSize) / (activationPrecision === 'float32' ? 1 : 2);
}
