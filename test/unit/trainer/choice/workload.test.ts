import assert from 'node:assert/strict';
import { inWords, workloadOf } from '../../../../src/trainer/choice/workload';
import { defaults } from '../../../../src/settings/knobs';

describe('choice: what shapes a step', () => {
  it('is the model, its data and its batch, and what is not as it is by default', () => {
    assert.deepEqual(workloadOf(defaults), { model: 'mlp', data: 'digits', batchSize: 64 });
    assert.deepEqual(workloadOf({ ...defaults, microbatch: 8, module: './own.mjs', learningRate: 3 } as typeof defaults), { model: 'mlp', data: 'digits', batchSize: 64, module: './own.mjs', microbatch: 8 });
    assert.deepEqual(workloadOf({ ...defaults, model: 'dynamicconv-tiny', data: 'parallel', sourceFile: 'a', targetFile: 'b', batchTokens: 4000, merges: 500 }), {
      model: 'dynamicconv-tiny', data: 'parallel', batchSize: 64, batchTokens: 4000, merges: 500, sourceFile: 'a', targetFile: 'b',
    });
  });

  it('is said with the tokens of a batch where those are what it is cut by', () => {
    assert.equal(inWords(workloadOf(defaults)), 'mlp, batch 64');
    assert.equal(inWords(workloadOf({ ...defaults, model: 'dynamicconv-tiny', data: 'messages', batchTokens: 1500 })), 'dynamicconv-tiny, batch of 1500 tokens');
  });
});
