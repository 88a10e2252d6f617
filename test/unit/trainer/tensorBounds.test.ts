import assert from 'node:assert/strict';
import { builtInModel } from '../../../src/models/builtIn';
import { InputError } from '../../../src/settings/problem';
import { checkTensors } from '../../../src/trainer/tensorBounds';

const mlp = builtInModel('mlp');
const check = (batchSize: number, placement: 'host' | 'device', largestTensorBytes?: number) => {
  checkTensors({ batchSize, batchTokens: null, placement }, mlp, { name: 'webgpu', device: 'A GPU', ...(largestTensorBytes === undefined ? {} : { largestTensorBytes }) });
};
/** The largest parameter of the perceptron, 784 by 256; all of them. */
const [largest, flat] = [4 * 784 * 256, 4 * 235_146];
const example = 4 * 784;

describe('trainer: tensors that the backend cannot hold', () => {
  it('are no matter where memory is the only limit', () => {
    check(8192, 'device');
  });
  for (const [what, run] of [
    ['a batch', () => { check(largest / example, 'host', largest); }],
    ['a parameter', () => { check(1, 'host', largest); }],
    ['the flat gradient', () => { check(1, 'device', flat); }],
  ] as const) it(`${what} may be as large as the limit`, run);

  for (const [what, run, field, message] of [
    ['a batch', () => { check(257, 'host', largest); }, 'batchSize', /batchSize is 257, whose inputs have 805952 bytes, but webgpu \(A GPU\) takes at most 802816 bytes in one tensor\. Set it to 256 or less/],
    ['a parameter', () => { check(1, 'host', largest - 1); }, 'model', /model is "mlp", whose parameter dense1\/kernel has 802816 bytes/],
    ['the flat gradient', () => { check(1, 'device', flat - 1); }, 'placement', /placement is "device".*one tensor of 940584 bytes.*Set placement to "host"/],
  ] as const) {
    it(`${what} beyond it is refused`, () => {
      assert.throws(run, (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.deepEqual(error.problems.map(problem => problem.field), [field]);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
