import assert from 'node:assert/strict';
import { defaults } from '../../../../src/settings/knobs';
import { sparseTensors } from '../../../../src/settings/sparseTensors';
import { asSmallMatrices, entriesOf, shortened } from '../../../../src/trainer/estimate/shrunk';

const shapes = [[3, 3, 3, 16], ...Array.from({ length: 60 }, (_, index) => [[3, 3, 64, 64], [64], [1, 1, 64, 128]][index % 3]!), [128, 10]];
const parameters = shapes.map((shape, index) => ({ name: String(index), shape }));

describe('fewer parameters like a model\'s', () => {
  it('are about as many as asked for, tensor by tensor, each along its longest side', () => {
    const few = shortened(parameters, 20_000);
    assert.ok(entriesOf(few) > 15_000 && entriesOf(few) < 25_000, String(entriesOf(few)));
    few.forEach(({ shape }, index) => {
      const whole = shapes[index]!;
      assert.deepEqual(shape.filter((side, axis) => side !== whole[axis]).length <= 1 && shape.every((side, axis) => side >= 1 && side <= whole[axis]!), true, shape.join());
    });
  });

  it('may be sparse where the model\'s may', () => {
    const settings = { ...defaults, weightDensity: 0.5 };
    assert.deepEqual(sparseTensors(settings, shortened(parameters, 20_000)), sparseTensors(settings, parameters));
  });

  it('are all there where they are few', () => {
    assert.deepEqual(shortened(parameters.slice(0, 5), 1e9), parameters.slice(0, 5));
  });

  describe('of three tensors', () => {
    const three = [{ name: 'w', shape: [3, 3, 64, 128] }, { name: 'b', shape: [128] }, { name: 'one', shape: [1] }];

    it('are shorter along their longest dimension', () => {
      assert.deepEqual(shortened(three, 1e6), three);
      const some = shortened(three, 10_000);
      assert.ok(entriesOf(some) <= 1.1 * 10_000);
      assert.deepEqual(some.map(({ shape }) => shape), [[3, 3, 64, 17], [17], [1]]);
    });

    it('are small matrices', () => {
      assert.deepEqual(asSmallMatrices(three, 100).map(({ shape }) => shape), [[100, 100], [100], [1]]);
    });
  });
});
