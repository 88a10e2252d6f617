import assert from 'node:assert/strict';
import { withSettings } from '../../../src/settings/editRunFile';
import { parseRunFile } from '../../../src/settings/runFile';

describe('a run file with other settings', () => {
  it('keeps its comments and everything that is not changed', () => {
    const text = '{\n  // Small.\n  "preset": "digits-mlp",\n  "batchSize": 64, // as published\n}\n';
    const edited = withSettings(text, { batchSize: 32, microbatch: 8 });
    assert.match(edited, /\/\/ Small\.\n/);
    assert.match(edited, /\/\/ as published\n/);
    assert.deepEqual(parseRunFile(edited), { preset: 'digits-mlp', batchSize: 32, microbatch: 8 });
  });

  it('changes a setting where it stands, and puts a new one into its section where there is one', () => {
    const edited = withSettings('{ "memory": { "microbatch": 10 }, "memory.weightDensity": 0.5 }', { microbatch: 5, weightDensity: 0.3, recompute: 'block' });
    assert.deepEqual(JSON.parse(edited), { 'memory': { microbatch: 5, recompute: 'block' }, 'memory.weightDensity': 0.3 });
  });
});
