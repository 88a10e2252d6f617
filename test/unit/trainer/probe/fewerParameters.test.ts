import assert from 'node:assert/strict';
import { sizeOf, type ParameterSpecification } from '../../../../src/models/model';
import { defaults } from '../../../../src/settings/knobs';
import { sparseTensors } from '../../../../src/settings/sparseTensors';
import { fewerParameters } from '../../../../src/trainer/probe/fewerParameters';

const shapes = [[3, 3, 3, 16], ...Array.from({ length: 60 }, (_, index) => [[3, 3, 64, 64], [64], [1, 1, 64, 128]][index % 3]!), [128, 10]];
const parameters = shapes.map((shape, index) => ({ name: String(index), shape, deviation: 1 }));
const total = (list: readonly ParameterSpecification[]) => list.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

describe('fewer parameters like a model\'s', () => {
  it('are about as many as asked for, the first and the last among them, of the same ranks', () => {
    const few = fewerParameters(parameters, 20_000);
    assert.ok(few.length <= 48 && total(few) >= 20_000 && total(few) < 30_000, `${total(few)}`);
    assert.deepEqual([few[0]!.name, few.at(-1)!.name], ['0', '61']);
    for (const { name, shape } of few) assert.equal(shape.length, shapes[Number(name)]!.length);
  });

  it('may be sparse where the model\'s may', () => {
    const settings = { ...defaults, weightDensity: 0.5 };
    const few = fewerParameters(parameters, 20_000);
    const whole = sparseTensors(settings, parameters);
    sparseTensors(settings, few).forEach((isSparse, index) => { assert.equal(isSparse, whole[Number(few[index]!.name)], few[index]!.name); });
  });

  it('are all there where they are few', () => {
    assert.deepEqual(fewerParameters(parameters.slice(0, 5), 1e9), parameters.slice(0, 5));
  });
});
