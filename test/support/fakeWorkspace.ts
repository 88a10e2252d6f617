/** A workspace whose TensorFlow is a few lines of JavaScript, which behave well or badly. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { version_core as version } from '@tensorflow/tfjs-core';

/** Registers a backend named tensorflow with the engine that every copy of TensorFlow.js shares, as tfjs-node does. */
export const registering = "globalThis._tfengine.registerBackend('tensorflow', () => globalThis._tfengine.findBackend('cpu'));";

/** The same, able to train: its kernels are those of the cpu backend. */
export const training = `${registering}
const kernels = globalThis._tfGlobals.get('kernelRegistry');
for (const [key, kernel] of [...kernels]) if (key.startsWith('cpu_')) kernels.set(key.replace('cpu_', 'tensorflow_'), { ...kernel, backendName: 'tensorflow' });`;

/** The same, until its device is full. */
export const runningOutOfMemory = `${training}
const product = kernels.get('tensorflow__FusedMatMul');
kernels.set('tensorflow__FusedMatMul', { ...product, kernelFunc: given => {
  if (globalThis.deviceIsFull) throw new Error('OOM when allocating tensor with shape[64,256] and type float on /device:GPU:0');
  return product.kernelFunc(given);
} });`;

export function fillDevice(deviceIsFull = true): void {
  Object.assign(globalThis, { deviceIsFull });
}

export class FakeWorkspace {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'efcp-workspace-'));

  install(name: string, code: string, installedVersion: string = version): void {
    const folder = path.join(this.folder, 'node_modules', '@tensorflow', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version: installedVersion, main: 'index.js' }));
    writeFileSync(path.join(folder, 'index.js'), code);
  }

  remove(): void {
    fillDevice(false);
    rmSync(this.folder, { recursive: true });
  }
}
