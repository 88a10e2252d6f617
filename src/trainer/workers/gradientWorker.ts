/**
 * A thread that computes slices: it has a backend, a copy of the parameters and a ledger of its own. An error ends it, and the
 * trainer then ends the run.
 */
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import { parentPort, workerData } from 'node:worker_threads';
import { loadBackend } from '../../backends/loadBackend';
import { lentTensors } from '../../gradients/lentTensors';
import { tapeGradients } from '../../gradients/tape';
import { Ledger } from '../../memory/ledger';
import { namedModel } from '../../models/namedModel';
import { fixedShape, sizeOf } from '../../models/model';
import { computeSlice, copied, offsetsOf, type SliceComputer } from './computeSlice';
import type { SliceReport, SliceRequest, WorkerStart } from './sliceMessages';

const port = parentPort;
if (port === null) throw new Error('This file runs in a thread of the trainer only.');
const start = workerData as WorkerStart;
const ready = prepare();
const parameters: Tensor[] = [];

port.on('message', (request: SliceRequest) => {
  // Thrown outside the promise, so that the thread ends whatever Node is told to do about rejections.
  answer(request).then(report => { port.postMessage(report); }, (error: unknown) => { process.nextTick(() => { throw error; }); });
});

/** The trainer asks for the next slice only when it has the report of the one before. */
async function answer({ examples, ...shared }: SliceRequest): Promise<SliceReport> {
  const { held, ...computer } = await ready;
  const { ledger, model } = computer;
  takeParameters(computer);
  const inputs = start.inputs.subarray(0, examples * sizeOf(fixedShape(model.inputs[0]?.shape ?? [])));
  const evaluation = await computeSlice(computer, lentTensors(parameters), { ...shared, readInputs: () => inputs, labels: start.labels.subarray(0, examples) }, start.gradient);
  return { ...evaluation, peak: ledger.takePeak(), live: ledger.live(), held: held?.() ?? {} };
}

async function prepare() {
  const { memory, held } = await loadBackend(start.backend, { assets: start.assets });
  if (memory === undefined) throw new Error(`The memory of the ${start.backend} backend cannot be reached. Set workers to 1.`);
  const ledger = new Ledger();
  return { model: await namedModel(start.model, start.data, { seed: 1 }), source: tapeGradients(ledger), ledger, memory, held };
}

/** Brings the thread's own tensors up to the shared vector; makes them at the first slice. */
function takeParameters({ model, ledger, memory }: SliceComputer): void {
  const offsets = offsetsOf(model);
  model.parameters.forEach(({ shape }, index) => {
    const from = offsets[index] ?? 0;
    const values = start.parameters.subarray(from, from + sizeOf(shape));
    const own = parameters[index];
    if (own === undefined) {
      parameters[index] = ledger.scope('parameters', () => keep(copied(memory, shape, () => values)));
    } else {
      memory.view(own).set(values);
      memory.written(own);
    }
  });
}
