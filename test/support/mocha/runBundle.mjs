// Runs one bundle of tests under mocha and writes what came of it to a file: who counts reads that file, never the console.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { repository } from '../repository.mjs';

/** Longest time of one test that does not ask for more, in milliseconds. */
const timeouts = { unit: 60_000, backends: 120_000, panel: 30_000, window: 60_000, workbench: 300_000, nightly: 3_600_000, bench: 300_000, gpu: 120_000 };

/**
 * Runs dist/test/KIND.js, the kind and mocha's options being in the environment; resolves to the number of failures.
 * `options` are added to those of the command line.
 */
export function runBundle(options = {}) {
  const { EFCP_TEST_KIND: kind, EFCP_TEST_OPTIONS: chosen = '{}', EFCP_TEST_REPORT: reportFile } = process.env;
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', forbidOnly: Boolean(process.env.CI), timeout: timeouts[kind], ...options, ...JSON.parse(chosen) });
  mocha.addFile(path.join(repository, 'dist/test', `${kind}.js`));
  const failed = [];
  return new Promise(resolve => {
    const runner = mocha.run(failures => {
      const { passes, pending } = runner.stats;
      writeFileSync(reportFile, JSON.stringify({ passed: passes, skipped: pending, failed: failed.map(describe) }));
      resolve(failures);
    });
    runner.on('fail', (test, error) => failed.push({ test, error }));
  });
}

/** Asked for when all is over, because a hook after the test may have added `evidence`, lines of text, to the error. */
function describe({ test, error }) {
  const message = String(error?.message ?? error).split('\n');
  const { evidence } = error ?? {};
  return { title: test.fullTitle(), why: evidence === undefined ? message : [...message.slice(0, 4), ...evidence] };
}
