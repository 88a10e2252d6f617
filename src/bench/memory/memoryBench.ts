/**
 * The bench of memory: each technique trains a model for a few steps in a process of its own, one after the other, so that no heap is
 * there twice and what one leaves behind touches no other's figures. Bytes do not depend on what is in the examples: they are noise.
 */
import type { BackendName } from '../../backends/backend';
import { dataOf } from '../../settings/dataFit';
import { defaultsFor, type Settings } from '../../settings/knobs';
import { startMeasuringProcess, type MeasuringProgram } from '../measuringProcess';
import { median } from '../statistics';
import type { Measure, Measured, MemoryRow } from './memoryRow';
import { memoryModel, type MemoryModelName } from './memoryModels';
import { baselineName, type Technique } from './techniques';

export interface MemoryRequest {
  readonly models: readonly MemoryModelName[];
  /** Names, of which each model takes its own; the baseline is measured in any case, since ratios are to it. */
  readonly techniques: readonly string[];
  readonly backend: BackendName;
  /** Examples; where it is absent, as many as the model has by default. */
  readonly batch?: number | undefined;
  /** Measured, after one that is not. */
  readonly steps: number;
  readonly workspace: string | undefined;
  readonly program: MeasuringProgram;
  readonly signal: AbortSignal;
  readonly note: (what: string) => void;
  /** A technique that could not be measured, and why. */
  readonly failed: (what: string) => void;
}

export async function* benchMemory(request: MemoryRequest): AsyncGenerator<MemoryRow> {
  for (const model of request.models) {
    const wanted = memoryModel(model).techniques.filter(({ name }) => name === baselineName || request.techniques.includes(name));
    let baseline: MemoryRow | undefined;
    for (const [index, technique] of wanted.entries()) {
      request.signal.throwIfAborted();
      request.note(`${model}: ${technique.label}, ${index + 1} of ${wanted.length}`);
      const row = await measure(model, technique, request, baseline);
      if (technique.name === baselineName) baseline = row;
      yield row;
    }
  }
}

async function measure(model: MemoryModelName, technique: Technique, request: MemoryRequest, baseline: MemoryRow | undefined): Promise<MemoryRow> {
  const { backend, steps, workspace, program, signal, failed } = request;
  const { settings: recipe, batch: usual } = memoryModel(model);
  const batch = request.batch ?? usual;
  const given: Partial<Settings> = { model, ...recipe, batchSize: batch, ...fitting(technique.settings, batch) };
  const row = { model, technique: technique.name, settings: given, backend };
  const process = startMeasuringProcess<Measure, Measured>(program, signal);
  try {
    const answer = await process.ask({ type: 'measure', backend, technique: technique.name, settings: { ...defaultsFor(given.optimizer ?? 'sgd'), ...given, data: dataOf(model)[0], backend }, steps, workspace });
    if (answer.type === 'failed') {
      failed(`${model}, ${technique.name}: ${answer.message}`);
      return { ...row, ...unmeasured };
    }
    const { modelBytes, optimizerBytes, activationBytes, workspaceBytes, predictedTotalBytes, recomputedFlops, stepsMs } = answer;
    const totalBytes = modelBytes + optimizerBytes + activationBytes;
    const reference = technique.name === baselineName ? totalBytes : baseline?.totalBytes ?? null;
    return {
      ...row, modelBytes, optimizerBytes, activationBytes, workspaceBytes, totalBytes, ratio: reference === null ? null : reference / totalBytes,
      predictedTotalBytes, recomputedFlops, stepMs: median(stepsMs),
    };
  } finally {
    process.end();
  }
}

/** A microbatch is no larger than the batch. */
function fitting(settings: Partial<Settings>, batch: number): Partial<Settings> {
  const { microbatch } = settings;
  return microbatch === undefined || microbatch === null ? settings : { ...settings, microbatch: Math.min(microbatch, batch) };
}

const unmeasured = {
  modelBytes: null, optimizerBytes: null, activationBytes: null, workspaceBytes: null, totalBytes: null, ratio: null, predictedTotalBytes: null, recomputedFlops: null, stepMs: null,
};
