import { einsum, engine, grad, mean, sum, unsortedSegmentSum } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { agrees, integers, run, sizes, special } from './oracle';

describe('backends: products and sums of the completed wasm backend against the cpu oracle', () => {
  const products = fc.record({
    // The oracle multiplies one batch too many where there are none and the other operand is shared.
    a: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }), isShared: fc.boolean(), rows: fc.nat(40), columns: fc.nat(40), depth: fc.oneof(fc.nat(40), fc.integer({ min: 250, max: 530 })),
    transposeA: fc.boolean(), transposeB: fc.boolean(), special,
  });
  it('BatchMatMul', agrees(products, ({ a, isShared, rows, columns, depth, transposeA, transposeB, special: value }) => [
    integers([...a, ...(transposeA ? [depth, rows] : [rows, depth])], 1, value),
    integers([...(isShared ? a.map(() => 1) : a), ...(transposeB ? [columns, depth] : [depth, columns])], 2),
  ], ([a, b], { transposeA, transposeB }) => run('BatchMatMul', { a, b }, { transposeA, transposeB }), { runs: 150 }));

  const reductions = sizes(0, 5, 20).chain(shape => fc.record({ shape: fc.constant(shape), axis: fc.subarray(shape.map((_, i) => i)), keepDims: fc.boolean(), special }))
    .filter(({ shape }) => shape.reduce((product, size) => product * size, 1) < 20_000);
  it('Sum', agrees(reductions, ({ shape, special: value }) => [integers(shape, 5, value)], ([x], { axis, keepDims }) => run('Sum', { x }, { axis, keepDims }), { runs: 150 }));
  it('Mean', agrees(reductions.filter(({ special: value }) => value === undefined), ({ shape }) => [integers(shape, 6)], ([x], { axis, keepDims }) => {
    const result = run('Mean', { x }, { axis, keepDims });
    // The oracle divides before it adds, so means near zero are rounded differently: their square has a scale of its own.
    return run('Add', { a: result, b: run('Multiply', { a: result, b: result }) });
  }, { runs: 150, tolerance: 3e-5 }));
  for (const [name, reduce] of [['Sum', sum], ['Mean', mean]] as const) {
    it(`the gradient of ${name}`, agrees(
      reductions, ({ shape, special: value }) => [integers(shape, 21, value)],
      ([x], { axis, keepDims }) => grad(values => { const reduced = reduce(values, axis, keepDims); return run('Multiply', { a: reduced, b: reduced }); })(x!), { relative: 1e-4, absolute: 1e-5 },
    ));
  }
  it('Sum of int32', agrees(sizes(1, 4, 6), shape => [{ ...integers(shape, 7), dtype: 'int32' }], ([x]) => run('Sum', { x }, { axis: [0], keepDims: false })));

  const segments = fc.record({ count: fc.nat(30), inner: sizes(0, 2, 9), numSegments: fc.integer({ min: 1, max: 7 }) });
  for (const dtype of ['float32', 'int32'] as const) {
    // The oracle's result is float32 whatever it sums up.
    it(`UnsortedSegmentSum of ${dtype}, ids outside the segments dropped`, agrees(
      segments, ({ count, inner }) => [{ ...integers([count, ...inner], 9), dtype }, { ...integers([count], 10), dtype: 'int32' }],
      ([x, ids], { numSegments }) => run('Cast', { x: unsortedSegmentSum(x!, ids as never, numSegments) }, { dtype }), { runs: 100 },
    ));
  }

  const equations = ['ij,jk->ik', 'bij,bjk->bik', 'bij,bkj->bik', 'ij->ji', 'ij->', 'ij->i', 'ij->j', 'ij,ij->', 'ij,ij->ij', 'i,j->ij', 'i,j->ji', 'bhqd,bhkd->bhqk', 'bqhd,bkhd->bhqk', 'ijk,ik->j', 'ab,bc->ca', 'i,i->'];
  const contractions = fc.record({ equation: fc.constantFrom(...equations), sizes: fc.array(fc.nat(6), { minLength: 26, maxLength: 26 }), dtype: fc.constantFrom('float32' as const, 'int32' as const) });
  const shapes = (equation: string, lengths: readonly number[]) => equation.split('->')[0]!.split(',').map(term => Array.from(term, label => lengths[label.charCodeAt(0) - 97]!));
  // The oracle forgets to sum up a label that is in the second operand alone.
  it('Einsum that sums up everything', agrees(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), ([i, j, k]) => [integers([i, j], 18), integers([j, k], 19)], ([a, b]) => (
    engine().backendName === 'wasm' ? einsum('ij,jk->', a!, b!) : run('Sum', { x: run('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }) }, { axis: [0, 1], keepDims: false })
  )));
  it('Einsum', agrees(contractions, ({ equation, sizes: lengths, dtype }) => shapes(equation, lengths).map((shape, i) => ({ ...integers(shape, 16 + i), dtype })), (tensors, { equation }) => einsum(equation, ...tensors), { runs: 150 }));
});
