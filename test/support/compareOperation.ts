/** One operation beside the same function of stock operations, differentiated by TensorFlow.js itself, on cpu bit for bit and on wasm within rounding. */
import assert from 'node:assert/strict';
import { add, dispose, engine, memory, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../src/backends/loadBackend';
import type { Kept, Operation, Pass } from '../../src/models/model';
import { assertClose } from './assertClose';
import { assets } from './assets';

export interface Comparison {
  readonly operation: Operation;
  readonly inputs: readonly Values[];
  readonly parameters?: readonly Values[];
  readonly buffers?: readonly Values[];
  readonly stock: (inputs: readonly Tensor[], parameters: readonly Tensor[], buffers: readonly Tensor[]) => Tensor;
  readonly pass?: Partial<Pick<Pass, 'seed' | 'slices'>>;
}

export interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: 'float32' | 'int32';
  /** An input that has no gradient, though it is of floats: a mask. */
  readonly isFixed?: boolean;
}

export function hasGradient({ dtype = 'float32', isFixed = false }: Values): boolean {
  return dtype === 'float32' && !isFixed;
}

export interface Result {
  readonly output: Float32Array;
  readonly gradients: readonly (Float32Array | undefined)[];
}

/** Numbers between -2 and 2 that no sum adds up exactly, the same for the same seed. */
export function numbers(shape: readonly number[], seed: number): Values {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, index) => 2 * Math.sin(1.3 * index + 0.77 * seed + 0.1 * (index % 7) * seed)) };
}

/** On wasm, `tolerance` is relative to the largest entry; so it is on cpu where `exact` is false: where the operation computes in another order than the stock ones. */
export function agreesWithStock<Case>(cases: fc.Arbitrary<Case>, comparisonOf: (example: Case) => Comparison, { runs = 25, tolerance = 2e-5, exact = true } = {}): () => Promise<void> {
  return async () => {
    for (const name of ['cpu', 'wasm'] as const) await loadBackend(name, { assets });
    await fc.assert(fc.asyncProperty(cases, async example => {
      const comparison = comparisonOf(example);
      for (const name of ['cpu', 'wasm'] as const) {
        await setBackend(name);
        const before = memory().numTensors;
        const own = run(comparison, ownGradients);
        const stock = run(comparison, stockGradients);
        assert.equal(memory().numTensors, before, `${name} leaks tensors`);
        const compare = (values: Float32Array | undefined, expected: Float32Array | undefined, what: string) => {
          if (name === 'cpu' && exact) assert.deepEqual(values && Array.from(values, plus), expected && Array.from(expected, plus), `${what} on cpu`);
          else if (values !== undefined && expected !== undefined) assertClose(values, expected, tolerance, `${what} on ${name}`);
          else assert.equal(values, expected, what);
        };
        compare(own.output, stock.output, 'output');
        own.gradients.forEach((gradient, index) => { compare(gradient, stock.gradients[index], `gradient ${index}`); });
      }
    }), { seed: 5, numRuns: runs });
  };
}

/** Zeros of either sign are one. */
const plus = (value: number) => value + 0;

type Differentiated = (comparison: Comparison, inputs: Tensor[], parameters: Tensor[], buffers: Tensor[], outputGradient: (output: Tensor) => Tensor) => { output: Tensor; gradients: (Tensor | undefined)[] };

export function run(comparison: Comparison, differentiate: Differentiated): Result {
  let result: Result | undefined;
  tidy(() => {
    const made = (all: readonly Values[] = []) => all.map(({ values, shape, dtype = 'float32' }) => tensor(Array.from(values), [...shape], dtype));
    const outputGradient = ({ shape }: Tensor) => tensor(Float32Array.from(numbers(shape, 11).values), shape);
    const { output, gradients } = differentiate(comparison, made(comparison.inputs), made(comparison.parameters), made(comparison.buffers), outputGradient);
    result = { output: Float32Array.from(output.dataSync()), gradients: gradients.map(gradient => gradient && Float32Array.from(gradient.dataSync())) };
  });
  return result!;
}

export function ownGradients({ operation, pass: options, inputs: given }: Comparison, inputs: Tensor[], parameters: Tensor[], buffers: Tensor[], outputGradient: (output: Tensor) => Tensor) {
  const pass: Pass = { training: true, seed: 3, slices: 1, ...options, buffers, forgetful: false };
  const { output, extras = [], recording } = operation.forward(inputs, parameters, pass);
  assertForgets(operation, inputs, parameters, pass);
  const kept: Kept = {
    inputs: inputs.map((input, place) => operation.keeps.inputs.includes(place) ? input : undefined), output: operation.keeps.output ? output : undefined,
    extras, recording, seed: pass.seed, buffers, inputShapes: inputs.map(({ shape }) => shape),
  };
  const gradients = operation.backward(outputGradient(output), kept, parameters, given.map(hasGradient));
  const whole = gradients.inputs.map((gradient, place) => (gradients.further?.inputs?.[place] ?? []).reduce<Tensor | undefined>((total, term) => total && add(total, term), gradient));
  return { output, gradients: [...whole.filter((_, place) => hasGradient(given[place]!)), ...gradients.parameters] };
}

/** A pass of which nothing will be asked returns nothing to keep. */
function assertForgets(operation: Operation, inputs: Tensor[], parameters: Tensor[], pass: Pass): void {
  const before = memory().numTensors;
  const { extras, buffers, output } = tidy(() => {
    const forward = operation.forward(inputs, parameters, { ...pass, forgetful: true });
    return { output: forward.output, extras: [...forward.extras ?? []], buffers: [...forward.buffers ?? []] };
  });
  assert.equal(extras.length, 0, 'a forgetful pass has no extras');
  dispose([output, ...buffers]);
  assert.equal(memory().numTensors, before, 'a pass leaves tensors behind');
}

function stockGradients({ stock, inputs: given }: Comparison, inputs: Tensor[], parameters: Tensor[], buffers: Tensor[], outputGradient: (output: Tensor) => Tensor) {
  const sources = [...inputs.filter((_, place) => hasGradient(given[place]!)), ...parameters];
  const output = stock(inputs, parameters, buffers);
  if (sources.length === 0) return { output, gradients: [] };
  const { grads } = engine().gradients(() => stock(inputs, parameters, buffers), sources, outputGradient(output), true);
  return { output, gradients: grads as (Tensor | undefined)[] };
}
