/** The backends that a run could use here, found without loading any of them. */
import { version_core as ours } from '@tensorflow/tfjs-core';
import { statSync } from 'node:fs';
import type { BackendName } from './backend';
import type { BackendPlace } from './loadBackend';
import { findTensorFlow } from './tensorflow/findTensorFlow';
import { findWebgpu } from './webgpuPackage';

export interface Candidate {
  readonly name: BackendName;
  /** Which installation it is: another text where another was put in its place. */
  readonly identity: string;
}

/** In the order of preference as far as it is known before they are loaded. `cpu`, the slow oracle, is none. */
export function candidatesAt(place: BackendPlace): Candidate[] {
  const tensorflow = findTensorFlow(place);
  const webgpu = findWebgpu(place);
  return [
    ...(tensorflow === undefined ? [] : [{ name: 'tensorflow', identity: `${tensorflow.packageName} ${tensorflow.version} ${stampOf(tensorflow.entry)}` } as const]),
    ...(webgpu === undefined ? [] : [{ name: 'webgpu', identity: `${webgpu.version} ${stampOf(webgpu.entry)}` } as const]),
    { name: 'wasm', identity: ours },
  ];
}

/** A file and when it was written. */
function stampOf(file: string): string {
  return `${file} ${Math.round(statSync(file).mtimeMs)}`;
}
