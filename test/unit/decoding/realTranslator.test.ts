import assert from 'node:assert/strict';
import { memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { end } from '../../../src/data/text/text';
import { translate, usualTranslation } from '../../../src/decoding/translate';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import { Inference } from '../../../src/gradients/inference';
import { Ledger } from '../../../src/memory/ledger';
import { namedModel } from '../../../src/models/namedModel';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';

describe('decoding: the translator of dynamic convolutions', () => {
  it('gives the same translations alone as among longer sentences, and the same logits in one piece as with its source given once', async () => {
    await loadBackend('wasm', { assets });
    await setBackend('wasm');
    const model = await namedModel('dynamicconv-tiny', { inputShape: [null], classes: 24, vocabularies: { source: 24, target: 24 } }, { seed: 5 });
    const ledger = new Ledger();
    const weights = new DenseWeights(ledger, model, 5);
    try {
      const before = memory().numTensors;
      const sentences = [[3, 4, 5], [6], [7, 8, 9, 10, 11, 12, 13, 14, 15], [16, 17, 18, 19], []].map(tokens => Int32Array.from(tokens));
      const inference = new Inference(ledger, model, weights, 1);
      const settings = { ...usualTranslation, beam: 3, lengthFactor: 1, lengthOffset: 3 };
      const [together, alone] = [await translate(inference, sentences, settings), await translate(inference, sentences, { ...settings, batchTokens: 1 })];
      assert.deepEqual(together.map(found => found.map(({ tokens }) => tokens)), alone.map(found => found.map(({ tokens }) => tokens)));
      assertClose(together.flat().map(({ score }) => score), alone.flat().map(({ score }) => score), 1e-5);

      const [source, prefix] = [[[3, 4, 5, end], [6, end, 0, 0]], [[end, 7, 8], [end, 9, 10]]];
      const whole = new Inference(ledger, model, weights).start([]);
      const once = inference.start([tensor2d(source, undefined, 'int32')]);
      const logits = tidy(() => [
        whole.next(Int32Array.of(0, 1), [tensor2d(source, undefined, 'int32'), tensor2d(prefix, undefined, 'int32')]).dataSync(),
        once.next(Int32Array.of(0, 1), [tensor2d(prefix, undefined, 'int32')]).dataSync(),
      ]);
      assert.deepEqual(logits[0], logits[1]);
      once.dispose();
      assert.equal(memory().numTensors, before);
    } finally {
      weights.dispose();
      ledger.stop();
    }
  });
});
