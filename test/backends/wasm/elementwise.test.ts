import fc from 'fast-check';
import { reluGradient } from '../../../src/models/operations/reluGradient';
import { agrees, integers, run, sizes, special, type Values } from './oracle';

describe('backends: kernels of one element at a time of the completed wasm backend against the cpu oracle', () => {
  const pairs = fc.array(fc.record({ size: fc.nat(9), inA: fc.boolean(), inB: fc.boolean() }), { maxLength: 5 }).chain(dimensions => fc.record({
    dimensions: fc.constant(dimensions), lackingA: fc.nat(2), lackingB: fc.nat(2), special,
  }));
  const operand = (dimensions: readonly { size: number; inA: boolean; inB: boolean }[], which: 'inA' | 'inB', lacking: number) => dimensions.slice(lacking).map(each => each[which] ? each.size : 1);
  for (const name of ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference']) {
    it(`${name}, broadcast`, agrees(
      pairs, ({ dimensions, lackingA, lackingB, special: value }) => [integers(operand(dimensions, 'inA', lackingA), 3, value), integers(operand(dimensions, 'inB', lackingB), 4)],
      ([a, b]) => run(name, { a, b }), { runs: 150 },
    ));
  }

  const reals: fc.Arbitrary<Values> = fc.array(fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -12, max: 12, noNaN: true }) }, { weight: 4, arbitrary: fc.double({ min: -0.6, max: 0.6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, NaN, Infinity, -Infinity, 88.7, 88.8, 1000, -87.4, -103, -110, -1000, 1e-30) },
  ), { minLength: 1, maxLength: 40 }).map(values => ({ values: Float32Array.from(values), shape: [values.length] }));
  for (const name of ['Exp', 'Tanh', 'Erf', 'Sqrt', 'Rsqrt']) {
    // The error function is the formula of the oracle's in float32: what it lacks near zero is lost to a difference from one.
    it(name, agrees(reals, values => [values], ([x]) => run(name, { x }), { runs: 300, relative: 1e-6, absolute: name === 'Erf' ? 3e-7 : 1e-37 }));
  }

  it('the gradient of a ReLU', agrees(sizes(1, 3, 7), shape => [integers(shape, 7), integers(shape, 8)], ([dy, y]) => reluGradient(dy!, y!)));

  const choices = fc.record({ shape: sizes(1, 3, 7), isShared: fc.boolean(), dtype: fc.constantFrom<'float32' | 'int32'>('float32', 'int32'), special });
  it('Select', agrees(choices, ({ shape, isShared, dtype, special: value }) => [
    { ...integers(isShared ? shape.slice(0, 1) : shape, 9), dtype: 'bool' }, { ...integers(shape, 10, dtype === 'float32' ? value : undefined), dtype }, { ...integers(shape, 11), dtype },
  ], ([condition, t, e]) => run('Select', { condition, t, e })));

  it('Cast to the type that is there', agrees(sizes(0, 3, 5), shape => [integers(shape, 6)], ([x]) => run('Cast', { x }, { dtype: 'float32' })));

  const normalizations = fc.record({ positions: sizes(1, 3, 7), channels: fc.integer({ min: 1, max: 19 }), hasScale: fc.boolean(), hasOffset: fc.boolean() });
  it('FusedBatchNorm', agrees(normalizations, ({ positions, channels }) => [
    integers([...positions, channels], 11), integers([channels], 12), { shape: [channels], values: integers([channels], 13).values }, integers([channels], 14), integers([channels], 15),
  ], ([x, mean, variance, scale, offset], { hasScale, hasOffset }) => run('FusedBatchNorm', {
    x, mean, variance: run('Multiply', { a: variance, b: variance }), ...(hasScale ? { scale } : {}), ...(hasOffset ? { offset } : {}),
  }, { varianceEpsilon: 0.25 }), { tolerance: 1e-6 }));
});
