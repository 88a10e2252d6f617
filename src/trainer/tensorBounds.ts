/**
 * Refuses, before anything is computed, a run with a tensor that the backend cannot hold: a parameter, a batch of inputs, or with
 * the state on the device the flat gradient. What layers make on the way the backend refuses when they ask for it.
 */
import type { Backend } from '../backends/backend';
import { sizeOf, type Model } from '../models/model';
import type { Settings } from '../settings/knobs';
import { InputError, type Problem } from '../settings/problem';

const bytesPerNumber = 4;

/** Throws InputError with all that is too large. */
export function checkTensors({ batchSize, batchTokens, placement }: Pick<Settings, 'batchSize' | 'batchTokens' | 'placement'>, model: Model, { name, device, largestTensorBytes: most }: Pick<Backend, 'name' | 'device' | 'largestTensorBytes'>): void {
  if (most === undefined) return;
  const limit = `${name}${device === undefined ? '' : ` (${device})`} takes at most ${most} bytes in one tensor`;
  const problems: Problem[] = [];
  const parameters = model.parameters.map(parameter => ({ ...parameter, bytes: bytesPerNumber * sizeOf(parameter.shape) }));
  for (const { name: parameter, bytes } of parameters) {
    if (bytes > most) problems.push({ field: 'model', message: `model is "${model.name}", whose parameter ${parameter} has ${bytes} bytes, but ${limit}. Choose a smaller model, or set "backend": "wasm".` });
  }
  // Of sequences the numbers of tokens are small beside what is made of them.
  const example = bytesPerNumber * model.inputs.reduce((most, { shape }) => Math.max(most, sizeOf(shape.map(length => length ?? 1))), 0);
  if (batchTokens === null && batchSize * example > most) {
    problems.push({ field: 'batchSize', message: `batchSize is ${batchSize}, whose inputs have ${batchSize * example} bytes, but ${limit}. Set it to ${Math.floor(most / example)} or less, or set "backend": "wasm".` });
  }
  const flat = parameters.reduce((sum, { bytes }) => sum + bytes, 0);
  if (placement === 'device' && flat > most) {
    problems.push({ field: 'placement', message: `placement is "device", where the gradient is one tensor of ${flat} bytes, but ${limit}. Set placement to "host".` });
  }
  if (problems.length > 0) throw new InputError(problems);
}
