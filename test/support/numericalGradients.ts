/** The gradients of an operation beside differences of its own output, on the backend in force. */
import assert from 'node:assert/strict';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Pass } from '../../src/models/model';
import { hasGradient, numbers, ownGradients, run, type Comparison, type Values } from './compareOperation';

/**
 * For each input and parameter of floats, the slope of sum(output * w) along several directions, by differences of two widths whose error
 * of second order cancels out. What float32 leaves of them is good to about a thousandth.
 */
export function assertSlopes(comparison: Omit<Comparison, 'stock'>, tolerance = 3e-3): void {
  const { gradients } = run({ ...comparison, stock: () => { throw new Error('Not asked for'); } }, ownGradients);
  const { inputs, parameters = [] } = comparison;
  const floats = [...inputs.filter(hasGradient), ...parameters];
  floats.forEach((given, place) => {
    const gradient = gradients[place];
    if (gradient === undefined) return;
    const norm = Math.sqrt(gradient.reduce((total, value) => total + value * value, 0));
    for (const seed of [21, 22, 23]) {
      const direction = Float32Array.from(numbers(given.shape, seed).values);
      const along = (step: number) => valueOf(replaced(comparison, given, Float32Array.from(given.values, (value, index) => value + step * direction[index]!)));
      const slope = (width: number) => (along(width) - along(-width)) / (2 * width);
      const measured = (4 * slope(0.01) - slope(0.02)) / 3;
      const expected = gradient.reduce((total, value, index) => total + value * direction[index]!, 0);
      const size = Math.sqrt(direction.reduce((total, value) => total + value * value, 0));
      assert.ok(Math.abs(measured - expected) <= tolerance * Math.max(norm * size, 1e-2), `operand ${place}: the slope is ${measured}, the gradient says ${expected}`);
    }
  });
}

function replaced(comparison: Omit<Comparison, 'stock'>, given: Values, values: Float32Array): Omit<Comparison, 'stock'> {
  const swap = (all: readonly Values[] = []) => all.map(each => each === given ? { ...given, values } : each);
  return { ...comparison, inputs: swap(comparison.inputs), parameters: swap(comparison.parameters) };
}

/** sum(output * w), added up in float64. */
function valueOf({ operation, inputs, parameters = [], buffers = [], pass: options }: Omit<Comparison, 'stock'>): number {
  let total = 0;
  tidy(() => {
    const made = (all: readonly Values[]) => all.map(({ values, shape, dtype = 'float32' }) => tensor(Array.from(values), [...shape], dtype));
    const pass: Pass = { training: true, seed: 3, slices: 1, ...options, buffers: made(buffers), forgetful: true };
    const { output } = operation.forward(made(inputs), made(parameters), pass);
    const weights = numbers(output.shape, 11).values;
    output.dataSync().forEach((value, index) => { total += value * weights[index]!; });
  });
  return total;
}
