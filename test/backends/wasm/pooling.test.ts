import { backend_util } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { agrees, integers, run, special } from './oracle';

const upTo = (most: number) => fc.integer({ min: 1, max: most });
const pools = fc.record({
  shape: fc.tuple(fc.nat(2), upTo(11), upTo(11), upTo(9)), filterSize: fc.tuple(upTo(4), upTo(4)), strides: fc.tuple(upTo(3), upTo(3)), pad: fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1), special,
}).filter(pool => outShape(pool).every((size, i) => i === 0 || size > 0));

function outShape({ shape, filterSize, strides, pad }: { shape: [number, number, number, number]; filterSize: [number, number]; strides: [number, number]; pad: 'same' | 'valid' | number }): readonly number[] {
  return backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, 'floor').outShape;
}

describe('backends: gradients of pooling of the completed wasm backend against the cpu oracle', () => {
  it('MaxPoolGrad, ties and values that are no numbers among the inputs', agrees(pools, pool => [integers(outShape(pool), 1), integers(pool.shape, 2, pool.special)], ([dy, input], { filterSize, strides, pad }) => (
    run('MaxPoolGrad', { dy, input, output: dy }, { filterSize, strides, pad, dimRoundingMode: 'floor' })
  ), { runs: 150 }));

  it('AvgPoolGrad', agrees(pools.filter(({ pad }) => pad !== 1), pool => [integers(outShape(pool), 3), integers(pool.shape, 4)], ([dy, input], { filterSize, strides, pad }) => (
    run('AvgPoolGrad', { dy, input }, { filterSize, strides, pad })
  ), { runs: 150, tolerance: 1e-6 }));
});
