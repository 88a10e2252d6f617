// Runs the tests that @tensorflow/tfjs-core publishes on our completed wasm backend: `node test/tfjs/run.mjs [--stock] [--all]`.
// Prints passed and failed per test file. A failure that explained.mjs does not name, or a group there without one, fails the run.
// --stock runs the backend as it is published, to compare with; --all lists files without failures too.
import jasmineCore from 'jasmine-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { bundleTests } from './bundle.mjs';
import { explained, reasonOf } from './explained.mjs';

const { values: { stock, all } } = util.parseArgs({ options: { stock: { type: 'boolean' }, all: { type: 'boolean' } } });
if (stock) process.env.EFCP_TFJS_STOCK = '1';
const outfile = path.resolve('dist/test/tfjs.cjs');
await bundleTests(outfile);

const results = await runTests(outfile);
report(results);

async function runTests(file) {
  const jasmine = jasmineCore.boot();
  nameSuitesByFile();
  const env = jasmine.getEnv();
  env.configure({ random: false, hideDisabled: true });
  const found = [];
  env.clearReporters();
  env.addReporter({ specDone: ({ fullName, status, failedExpectations }) => {
    if (status === 'passed' || status === 'failed') found.push({ name: fullName, isPassed: status === 'passed', message: failedExpectations[0]?.message ?? '' });
  } });
  // What the engine prints about deprecated functions is no result.
  console.warn = () => undefined;
  createRequire(import.meta.url)(file);
  await env.execute();
  return found;
}

/** The outermost suites get the file's name, which the bundle says before each file. */
function nameSuitesByFile() {
  const { describe } = globalThis;
  let depth = 0;
  globalThis.describe = (name, define) => describe(depth === 0 ? `${globalThis.testFile}: ${name}` : name, () => {
    depth++;
    define();
    depth--;
  });
}

function report(found) {
  const failures = found.filter(({ isPassed }) => !isPassed);
  for (const [file, tests] of byFile(found)) {
    const failed = tests.filter(({ isPassed }) => !isPassed);
    if (all || failed.length > 0) console.log(`${file.padEnd(56)} ${String(tests.length - failed.length).padStart(4)} passed ${String(failed.length).padStart(4)} failed`);
    for (const failure of failed) {
      const group = reasonOf(failure);
      if (group === undefined) console.log(`    NOT EXPLAINED: ${failure.name.slice(file.length + 2)}\n      ${failure.message.slice(0, 300)}`);
    }
  }
  console.log('');
  for (const group of explained) console.log(`${String(failures.filter(failure => reasonOf(failure) === group).length).padStart(4)} failed: ${group.reason}`);
  const unexplained = failures.filter(failure => reasonOf(failure) === undefined);
  const needless = stock ? [] : explained.filter(group => !failures.some(failure => reasonOf(failure) === group));
  for (const { reason } of needless) console.log(`explained.mjs names what does not fail: ${reason}`);
  console.log(`${found.length - failures.length} passed, ${failures.length} failed, of which ${failures.length - unexplained.length} explained`);
  // Fewer tests than there are would be a run that broke off.
  process.exitCode = unexplained.length + needless.length > 0 || found.length < 3000 ? 1 : 0;
}

function byFile(found) {
  const files = new Map();
  for (const test of found) {
    const file = test.name.slice(0, test.name.indexOf(':'));
    files.set(file, [...(files.get(file) ?? []), test]);
  }
  return files;
}
