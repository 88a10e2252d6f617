import assert from 'node:assert/strict';
import { typedValue } from '../../../src/host/typedValue';
import { knob, type KnobName } from '../../../src/settings/knobs';

describe('host: typed values', () => {
  const cases: readonly (readonly [KnobName, string, unknown])[] = [
    ['learningRate', '0.1', 0.1], ['learningRate', ' ', ' '], ['learningRate', '1e', '1e'], ['clipNorm', '', null], ['microbatch', '10 ', 10], ['microbatch', '', null],
    ['recomputeLayers', 'conv1, conv2', ['conv1', 'conv2']], ['recomputeLayers', ' ', []], ['recomputeLayers', 'a,,b', ['a', '', 'b']],
    ['module', './my model.mjs', './my model.mjs'], ['module', '', null], ['optimizer', 'sgd', 'sgd'],
  ];
  for (const [name, text, value] of cases) {
    it(`"${text}" for ${name} is ${JSON.stringify(value)}`, () => assert.deepEqual(typedValue(knob(name), text), value));
  }
});
