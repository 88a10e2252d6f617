import { gather, slice, stridedSlice } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { agrees, integers, run, sizes } from './oracle';

const types = ['float32', 'int32', 'bool'] as const;

describe('backends: kernels that move elements of the completed wasm backend against the cpu oracle', () => {
  const repetitions = fc.array(fc.record({ size: fc.nat(6), times: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 5 });
  for (const dtype of types) {
    it(`Tile of ${dtype}`, agrees(repetitions, runs => [{ ...integers(runs.map(({ size }) => size), 8), dtype }], ([x], runs) => run('Tile', { x }, { reps: runs.map(({ times }) => times) })));
  }

  const permutations = sizes(0, 5, 9).chain(shape => fc.record({ shape: fc.constant(shape), perm: fc.shuffledSubarray(shape.map((_, i) => i), { minLength: shape.length }) }));
  for (const dtype of types) {
    it(`Transpose of ${dtype}`, agrees(permutations, ({ shape }) => [{ ...integers(shape, 20), dtype }], ([x], { perm }) => run('Transpose', { x }, { perm }), { runs: 200 }));
  }

  const axes = fc.array(fc.record({ size: fc.nat(9), from: fc.nat(8), length: fc.nat(9), step: fc.constantFrom(1, 1, 2, 3, -1, -2) }), { minLength: 1, maxLength: 5 })
    .map(all => all.map(({ size, from, length, step }) => {
      const begin = Math.min(from, Math.max(0, size - 1));
      return { size, begin, length: Math.min(length, size - begin), step };
    }));
  for (const dtype of types) {
    it(`Slice of ${dtype}`, agrees(
      axes, all => [{ ...integers(all.map(({ size }) => size), 9), dtype }],
      ([x], all) => slice(x!, all.map(({ size, begin }) => Math.min(begin, size)), all.map(({ length }) => length)), { runs: 120 },
    ));
  }
  it('StridedSlice', agrees(
    axes, all => [integers(all.map(({ size }) => size), 10)],
    ([x], all) => stridedSlice(x!, all.map(({ begin, length, step }) => step > 0 ? begin : begin + length), all.map(({ begin, length, step }) => step > 0 ? begin + length : begin), all.map(({ step }) => step)), { runs: 200 },
  ));
  it('StridedSlice with masks', agrees(
    fc.record({ shape: fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 3, maxLength: 3 }), beginMask: fc.nat(7), endMask: fc.nat(7), newAxisMask: fc.constantFrom(0, 0, 2), shrinkAxisMask: fc.constantFrom(0, 1, 4) }),
    ({ shape }) => [integers(shape, 11)],
    ([x], { beginMask, endMask, newAxisMask, shrinkAxisMask }) => stridedSlice(x!, [1, 0, 1], [2, 2, 2], [1, 1, 1], beginMask, endMask, 0, newAxisMask, shrinkAxisMask),
  ));
  const turns = sizes(0, 5, 7).chain(shape => fc.record({ shape: fc.constant(shape), dims: fc.subarray(shape.map((_, i) => i)) }));
  it('Reverse', agrees(turns, ({ shape }) => [integers(shape, 12)], ([x], { dims }) => run('Reverse', { x }, { dims }), { runs: 120 }));

  const lookups = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }).chain(shape => fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1) }))
    .chain(({ shape, axis }) => fc.record({ shape: fc.constant(shape), axis: fc.constant(axis), ids: fc.array(fc.nat(shape[axis]! - 1), { minLength: 1, maxLength: 9 }) }));
  for (const dtype of ['float32', 'int32'] as const) {
    it(`GatherV2 of ${dtype}`, agrees(lookups, ({ shape, ids }) => [{ ...integers(shape, 13), dtype }, { values: ids, shape: [ids.length], dtype: 'int32' }], ([x, ids], { axis }) => gather(x!, ids!, axis), { runs: 120 }));
  }
});
