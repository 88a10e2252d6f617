import { add, avgPool, concat, maxPool, mean, pad, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import * as tfc from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { activation, type ActivationName } from '../../../../src/models/operations/activation';
import { concatenation } from '../../../../src/models/operations/concatenation';
import { globalAveragePooling } from '../../../../src/models/operations/globalAveragePooling';
import { pooling } from '../../../../src/models/operations/pooling';
import { flattening, reshaping } from '../../../../src/models/operations/reshaping';
import { sum } from '../../../../src/models/operations/sum';
import { zeroPadding } from '../../../../src/models/operations/zeroPadding';
import { agreesWithStock, numbers } from '../../../support/compareOperation';

const sizes = (least: number, most: number) => fc.array(fc.integer({ min: 1, max: 4 }), { minLength: least, maxLength: most });

describe('models: operations without weights, their gradients beside TensorFlow.js\'s own', () => {
  it('sum', agreesWithStock(fc.record({ shape: sizes(1, 4), count: fc.integer({ min: 1, max: 4 }) }), ({ shape, count }) => ({
    operation: sum(), inputs: Array.from({ length: count }, (_, index) => numbers(shape, index + 1)),
    stock: ([first, ...others]) => others.reduce<Tensor>((total, each) => add(total, each), first!.clone()),
  })));

  it('concatenation', agreesWithStock(fc.record({ shape: sizes(2, 4), lengths: sizes(1, 3), axis: fc.nat(3), isFromEnd: fc.boolean() }), ({ shape, lengths, axis, isFromEnd }) => {
    const along = axis % shape.length;
    const given = isFromEnd ? along - shape.length : along;
    return {
      operation: concatenation(given), inputs: lengths.map((length, index) => numbers(shape.map((each, dimension) => dimension === along ? length : each), index + 1)),
      stock: inputs => concat([...inputs], along),
    };
  }));

  const windows = fc.record({ batch: fc.integer({ min: 1, max: 2 }), height: fc.integer({ min: 3, max: 6 }), width: fc.integer({ min: 3, max: 6 }), channels: fc.integer({ min: 1, max: 3 }), size: fc.constantFrom<[number, number][]>([2, 2], [3, 2]), strides: fc.constantFrom<[number, number][]>([1, 1], [2, 2]), pad: fc.constantFrom('same', 'valid') });
  for (const [kind, stock] of [['max', maxPool], ['average', avgPool]] as const) {
    it(`${kind} pooling`, agreesWithStock(windows, ({ batch, height, width, channels, size, strides, pad: padding }) => ({
      operation: pooling({ kind, size, strides, pad: padding }), inputs: [numbers([batch, height, width, channels], 1)],
      stock: ([x]) => stock(x as Tensor4D, size, strides, padding),
    }), { runs: 30 }));
  }

  it('global average pooling', agreesWithStock(sizes(3, 4), shape => ({
    operation: globalAveragePooling(), inputs: [numbers(shape, 1)],
    stock: ([x]) => mean(x!, shape.slice(1, -1).map((_, index) => index + 1)),
  })));

  it('reshaping and flattening', agreesWithStock(sizes(2, 4), shape => ({
    operation: flattening(), inputs: [numbers(shape, 1)], stock: ([x]) => reshape(x!, [shape[0]!, -1]),
  })));
  it('reshaping with more dimensions', agreesWithStock(sizes(2, 4), shape => ({
    operation: reshaping(([batch, ...rest]) => [batch!, 1, ...rest]), inputs: [numbers(shape, 1)], stock: ([x]) => reshape(x!, [shape[0]!, 1, ...shape.slice(1)]),
  })));

  it('zero padding', agreesWithStock(fc.record({ shape: sizes(4, 4), top: fc.nat(2), bottom: fc.nat(2), left: fc.nat(2) }), ({ shape, top, bottom, left }) => {
    const paddings: [number, number][] = [[0, 0], [top, bottom], [left, 1], [0, 0]];
    return { operation: zeroPadding(paddings), inputs: [numbers(shape, 1)], stock: ([x]) => pad(x!, paddings) };
  }));

  const names: readonly ActivationName[] = ['relu', 'sigmoid', 'tanh', 'elu', 'softmax'];
  for (const name of names) {
    it(name, agreesWithStock(sizes(2, 4), shape => ({ operation: activation(name), inputs: [numbers(shape, 1)], stock: ([x]) => (tfc as unknown as Record<ActivationName, (x: Tensor) => Tensor>)[name](x!) })));
  }
});
