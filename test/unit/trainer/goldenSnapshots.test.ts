import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { profileStep } from '../../../src/trainer/profileStep';
import { assets } from '../../support/assets';
import { snapshotLines } from '../../support/snapshotLines';

const small: Settings = { ...defaultsFor('sgd'), optimizer: 'sgd', momentum: 0.9, backend: 'wasm', epochs: 1, batchSize: 4 };
const golden: Readonly<Record<string, Settings>> = {
  'convnet': { ...small, model: 'convnet' },
  'wrn-10-1-low-memory': { ...small, model: 'wrn-10-1', recompute: 'block', microbatch: 2, activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3 },
};

/** A change of the tape shows here. Where it is meant, EFCP_WRITE_GOLDEN=1 writes the files anew, and their difference says what changed. */
describe('trainer: golden snapshots', () => {
  for (const [name, settings] of Object.entries(golden)) {
    it(`${name}: every allocation and release of a step, in order`, async () => {
      const { snapshot } = await profileStep(settings, { assets }, 2);
      const file = path.join('test', 'fixtures', 'snapshots', `${name}.txt`);
      const lines = snapshotLines(snapshot);
      if (process.env['EFCP_WRITE_GOLDEN'] !== undefined) writeFileSync(file, `${lines.join('\n')}\n`);
      const wanted = readFileSync(file, 'utf8').trimEnd().split('\n');
      const at = lines.findIndex((line, index) => line !== wanted[index]);
      assert.deepEqual([at, lines[at], lines.length], [-1, undefined, wanted.length], `line ${at + 1} was: ${wanted[at] ?? 'the end'}`);
    });
  }
});
