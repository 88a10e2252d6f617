// The tests, from whatever state a clone is in: installs, checks, builds, runs, counts. Its last line is `N passed, M failed`.
import util from 'node:util';
import { requireNode } from './support/nodeVersion.mjs';

const usage = `node test/run.mjs [KIND …] [-- MOCHA OPTION …]

Kinds, in the order in which they run; without any, all but nightly, bench and gpu:
  check      type check and lint
  unit       plain Node
  backends   every backend that can be had here, against the cpu oracle and one another
  panel      the built webview in headless Chromium
  window     inside the extension host of a VS Code window
  workbench  a VS Code window driven from outside, as a user would
  nightly    what takes long, or much memory
  bench      measurements against their bars
  gpu        on a GPU: the backend suite, the device placement, and how fast they are; fails where there is none

Mocha options: --grep TEXT  --invert  --bail  --timeout MS  --retries N

Environment:
  EFCP_TEST_EDITOR      workbench or desktop: which VS Code to use; default: desktop where it can be had
  EFCP_VSCODE           executable of desktop VS Code
  EFCP_CHROMIUM         executable of Chromium or Chrome
  EFCP_WORKBENCH_HOME   where the workbench is installed; default: the user's cache folder
  EFCP_WORKBENCH_DEBUG  any value: print the workbench's own log`;

requireNode();
const { kinds, mochaOptions } = parseCommandLine(process.argv.slice(2));
const { runKinds } = await import('./support/runKinds.mjs');
const { passed, failed } = await runKinds(kinds, mochaOptions).catch(error => {
  console.error(error.message);
  return { passed: 0, failed: 1 };
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function parseCommandLine(parameters) {
  const order = ['check', 'unit', 'backends', 'panel', 'window', 'workbench', 'nightly', 'bench', 'gpu'];
  const onlyNamed = ['nightly', 'bench', 'gpu'];
  const separator = parameters.includes('--') ? parameters.indexOf('--') : parameters.length;
  const named = parameters.slice(0, separator);
  if (named.includes('--help') || named.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  const unknown = named.filter(kind => !order.includes(kind));
  if (unknown.length > 0) {
    console.error(`There is no kind of test "${unknown[0]}".\n\n${usage}`);
    process.exit(2);
  }
  const text = { type: 'string' };
  const yes = { type: 'boolean' };
  const { values } = util.parseArgs({ args: parameters.slice(separator + 1), options: { grep: { ...text, short: 'g' }, invert: yes, bail: { ...yes, short: 'b' }, timeout: text, retries: text } });
  for (const name of ['timeout', 'retries']) if (values[name] !== undefined) values[name] = Number(values[name]);
  return { kinds: order.filter(kind => (named.length > 0 ? named.includes(kind) : !onlyNamed.includes(kind))), mochaOptions: values };
}
