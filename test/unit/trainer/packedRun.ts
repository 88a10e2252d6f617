/** A packed placement fed with gradients of our own, and the plain optimizer on dense float32 vectors that it is compared with. */
import { tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../../../src/backends/backend';
import { loadWasmChunks } from '../../../src/kernels/loadWasmChunks';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { Ledger } from '../../../src/memory/ledger';
import { ModelBuffers } from '../../../src/gradients/modelBuffers';
import type { ParameterSpecification } from '../../../src/models/model';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { parameterSpace, type Shaped } from '../../../src/settings/parameterSpace';
import { assemblePacked } from '../../../src/trainer/packedAssembly';
import { PackedPlacement } from '../../../src/trainer/packedPlacement';
import { assets } from '../../support/assets';
import { normalVector } from '../kernels/randomVector';

export type Variant = Partial<Settings>;

export function packedSettings(variant: Variant): Settings {
  return { ...defaultsFor(variant.optimizer ?? 'sgd'), lossScaling: 'off', ...variant };
}

export const specifications: readonly ParameterSpecification[] = [
  { name: 'stem/kernel', shape: [3, 3, 2, 4], deviation: 0.5 }, { name: 'stem/bias', shape: [4], deviation: 0.1 },
  { name: 'a/kernel', shape: [3, 3, 40, 50], deviation: 0.5 }, { name: 'a/bias', shape: [50], deviation: 0.1 },
  { name: 'b/kernel', shape: [61, 83], deviation: 0.5 }, { name: 'point/kernel', shape: [1, 1, 8, 8], deviation: 0.5 }, { name: 'head/kernel', shape: [20, 10], deviation: 0.5 },
];

export function initialOf(tensors: readonly Shaped[]): Float32Array[] {
  return parameterSpace(tensors).tensors.map(({ length }, at) => normalVector(length, 100 + at, 0.5));
}

export function gradientsOf(tensors: readonly Shaped[], step: number, scale = 1): Float32Array[] {
  return parameterSpace(tensors).tensors.map(({ length }, at) => normalVector(length, 1000 * step + at, scale));
}

export interface Packed {
  readonly placement: PackedPlacement;
  readonly ledger: Ledger;
  /** A step by these gradients, dense. */
  step(step: number, gradients: readonly Float32Array[], lossScale?: number): ReturnType<PackedPlacement['update']>;
  collect(gradients: readonly Float32Array[], share?: { weight: number; first: boolean; last: boolean }): void;
  /** What is lent of all parameters. */
  dense(): Float32Array[];
  close(): void;
}

export function packedRun(backend: Pick<Backend, 'memory' | 'read'>, variant: Variant, tensors = specifications, totalSteps?: number): Packed {
  const ledger = new Ledger();
  const parts = assemblePacked({
    settings: packedSettings(variant), specifications: tensors, initial: initialOf(tensors), chunks: loadWasmChunks(assets), compute: typedArrays, backend, ledger, ...(totalSteps === undefined ? {} : { totalSteps }),
  });
  const placement = new PackedPlacement(parts, new ModelBuffers(ledger, []), backend, ledger);
  const collect: Packed['collect'] = (gradients, share = { weight: 1, first: true, last: true }) => {
    gradients.forEach((values, parameter) => {
      const gradient = tensor(values, [...tensors[parameter]!.shape], 'float32');
      try {
        placement.collect(parameter, gradient, share);
      } finally {
        gradient.dispose();
      }
    });
  };
  return {
    placement, ledger, collect,
    step: (step, gradients, lossScale = 1) => {
      collect(gradients);
      return placement.update(step, { lossScale });
    },
    dense: () => placement.weights.lend(tensors.map((_, at) => at), lent => lent.map(one => one.dataSync<'float32'>().slice())),
    close: () => {
      placement.dispose();
      ledger.stop();
    },
  };
}

/** The same steps by the optimizer on dense vectors. */
export function plainRun(variant: Variant, tensors: readonly Shaped[] = specifications, totalSteps?: number) {
  const settings = packedSettings(variant);
  const optimizer = createOptimizer(settings, tensors, totalSteps === undefined ? {} : { totalSteps });
  const values = initialOf(tensors);
  const views = tensors.map(({ name, shape }, at) => ({ name, shape, values: values[at]! }));
  return {
    values, optimizer,
    step: (step: number, gradients: readonly Float32Array[]) => {
      const { tensors: places } = parameterSpace(tensors);
      gradients.forEach((gradient, at) => { optimizer.gradient.set(gradient, places[at]!.start); });
      optimizer.update(optimizer.gradient, views, step);
    },
  };
}
