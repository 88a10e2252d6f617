// Runs kinds of tests one after another, each in a process group of its own, and counts what came of them.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLive } from './command.mjs';
import { installDependencies } from './dependencies.mjs';
import { executablesFor } from './executables.mjs';
import { endProcessesWith } from './leftovers.mjs';
import { endGroupsOnInterrupt } from './processGroup.mjs';
import { repository } from './repository.mjs';
import { scratchFolder } from './scratchFolder.mjs';
import { printSummary } from './summary.mjs';

const mark = ['EFCP_TEST_MARK', randomUUID()]; // inherited by everything that a test starts
const results = path.join(repository, 'test-results');
const bigGrace = 10_000; // an editor that is told to end has a browser, a server and an extension host to end first

/** Resolves to the number of passed and failed tests; a check, a build or a kind that breaks counts as one failed. */
export async function runKinds(kinds, mochaOptions) {
  endGroupsOnInterrupt({ grace: bigGrace, last: () => endProcessesWith(...mark, 0) });
  process.chdir(repository);
  await installDependencies();
  const outcomes = [];
  if (kinds.includes('check')) outcomes.push(await timed(command('check', 'npm', ['run', '--silent', 'check'])));
  const testKinds = kinds.filter(kind => kind !== 'check');
  if (testKinds.length > 0) {
    const started = Date.now();
    const build = await timed(command('build', process.execPath, ['esbuild.mjs', '--tests']));
    outcomes.push(build);
    const scratch = scratchFolder('t');
    // What auto measures is remembered beside the tests' own files, not among the user's; runtimes that the user has installed are none of their business.
    const env = { ...process.env, [mark[0]]: mark[1], EFCP_TEST_OPTIONS: JSON.stringify(mochaOptions), TMPDIR: scratch, EFCP_CACHE_HOME: path.join(scratch, 'cache'), EFCP_RUNTIME_HOME: path.join(scratch, 'runtimes') };
    if (build.failed.length === 0) for (const kind of testKinds) outcomes.push(await timed(runKind(kind, env, started)));
  }
  heading('summary');
  return printSummary(outcomes);
}

async function timed(outcome) {
  const started = performance.now();
  return { ...await outcome, seconds: (performance.now() - started) / 1000 };
}

async function command(name, program, parameters) {
  heading(name);
  const code = await runLive(program, parameters, { cwd: repository });
  return { name, passed: 0, failed: code === 0 ? [] : [{ title: `${name} ended with exit code ${code}` }] };
}

async function runKind(name, env, buildStarted) {
  heading(`${name} tests`);
  const outcome = { name, passed: 0, failed: [] };
  try {
    if (!isFresh(path.join(repository, `dist/test/${name}.js`), buildStarted)) throw new Error(`there is no ${name} test: test/${name} holds no *.test.ts or *.bench.ts`);
    Object.assign(outcome, await runBundle(name, { ...env, ...await executablesFor(name) }));
  } catch (error) {
    console.error(error.message);
    outcome.failed.push({ title: error.message });
  }
  for (const { pid, command: what } of await endProcessesWith(...mark, 5000)) outcome.failed.push({ title: `left running after the ${name} tests: ${pid} ${what}` });
  return outcome;
}

/** A bundle of an earlier build whose tests are gone must not pass for one of this build. */
function isFresh(file, buildStarted) {
  const clockSlack = 1000;
  return existsSync(file) && statSync(file).mtimeMs >= buildStarted - clockSlack;
}

async function runBundle(name, env) {
  const report = path.join(results, `${name}.json`);
  mkdirSync(results, { recursive: true });
  rmSync(report, { force: true });
  const script = fileURLToPath(new URL(name === 'window' ? 'mocha/windowTests.mjs' : 'mocha/inNode.mjs', import.meta.url));
  const code = await runLive(process.execPath, [script], { cwd: repository, env: { ...env, EFCP_TEST_KIND: name, EFCP_TEST_REPORT: report } });
  if (!existsSync(report)) throw new Error(`${name} tests broke off: exit code ${code}, no report`);
  const outcome = JSON.parse(readFileSync(report, 'utf8'));
  const ran = outcome.passed + outcome.failed.length > 0;
  if (!ran && env.EFCP_TEST_OPTIONS === '{}') outcome.failed.push({ title: `${name} tests: none ran` });
  if (code !== 0 && outcome.failed.length === 0) outcome.failed.push({ title: `${name} tests ended with exit code ${code} although none failed` });
  return outcome;
}

function heading(text) {
  console.log(`\n── ${text}`);
}
