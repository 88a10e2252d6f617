import { reshape, slice } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { firstPosition } from '../../../../src/models/operations/firstPosition';
import { agreesWithStock, numbers } from '../../../support/compareOperation';

describe('models: operations on sequences', () => {
  const shapes = fc.record({ batch: fc.integer({ min: 1, max: 4 }), length: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 6 }) });
  it('the first position', agreesWithStock(shapes, ({ batch, length, width }) => ({
    operation: firstPosition(), inputs: [numbers([batch, length, width], 1)], stock: ([x]) => reshape(slice(x!, [0, 0, 0], [batch, 1, width]), [batch, width]),
  })));
});
