/** Tries every backend for real: loads it, multiplies two matrices, reads the product back. */
import { matMul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { chooseBackend, type BackendPlace } from '../backends/chooseBackend';

export interface BackendReport {
  readonly name: string;
  readonly available: boolean;
  readonly version?: string;
  /** What it is, or why it cannot be used. */
  readonly detail: string;
}

export async function inspectBackends(place: BackendPlace): Promise<{ backends: BackendReport[]; chosen: { name: string; reason: string } }> {
  const backends: BackendReport[] = [];
  for (const name of ['tensorflow', 'wasm', 'cpu'] as const) backends.push(await inspect(name, place));
  const { name, reason } = await chooseBackend('auto', place);
  return { backends, chosen: { name, reason } };
}

const details = { tensorflow: 'TensorFlow of the workspace', wasm: 'embedded, the default', cpu: 'plain JavaScript, slow: the oracle of the tests' };

async function inspect(name: keyof typeof details, place: BackendPlace): Promise<BackendReport> {
  try {
    const { version } = await chooseBackend(name, place);
    const product = tidy(() => matMul(tensor2d([[1, 2], [3, 4]]), tensor2d([[5], [6]])).dataSync());
    if (product[0] !== 17 || product[1] !== 39) throw new Error(`computes a wrong product: ${product.join(', ')}`);
    return { name, available: true, version, detail: details[name] };
  } catch (error) {
    return { name, available: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
