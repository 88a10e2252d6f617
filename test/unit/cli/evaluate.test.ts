import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEvents } from '../../../src/protocol/runDirectory';
import type { FinishedEvent, StartedEvent } from '../../../src/protocol/runEvents';
import { runCli } from '../../support/runCli';

/** Sixty pairs of a language with two verbs. */
const pairs = ['Datei file', 'Zeile line', 'Typ type', 'Name name', 'Wert value', 'Modul module'].flatMap(noun => ['neu new', 'alt old', 'leer empty', 'lang long', 'falsch wrong'].flatMap(adjective => {
  const [[german, english], [wie, how]] = [noun.split(' '), adjective.split(' ')] as [[string, string], [string, string]];
  return [[`${german} ist ${wie}.`, `${english} is ${how}.`], [`${german} war ${wie}.`, `${english} was ${how}.`]];
}));
const short = ['--json', '--backend', 'wasm', '--set', 'maxTokens=14', '--set', 'merges=20'];
const twoEpochs = ['--epochs', '2', '--set', 'checkpointEvery=1'];
const runs: Readonly<Record<string, readonly string[]>> = {
  translator: ['messages-translator', ...twoEpochs, '--set', 'data=parallel', '--set', 'sourceFile=a.de', '--set', 'targetFile=a.en', '--set', 'batchTokens=200'],
  language: ['text-language-model', ...twoEpochs, '--set', 'sourceFile=a.en', '--set', 'batchTokens=200'],
  kinds: ['message-kinds-bert', '--epochs', '1', '--set', 'checkpointEvery=0.5', '--set', 'batchSize=512'],
};

describe('cli: evaluate, translate and continue', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-evaluate-'));
    ['a.de', 'a.en'].forEach((file, side) => { writeFileSync(path.join(folder, file), pairs.map(pair => `${pair[side]!}\n`).join('')); });
    for (const [name, args] of Object.entries(runs)) {
      const { code, stderr } = await runCli(['train', ...args, ...short, '--run-dir', name], folder);
      assert.equal(code, 0, stderr);
    }
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  const at = (name: string) => path.join(folder, name);
  const lastOf = (name: string) => readEvents(at(name)).events.at(-1) as FinishedEvent;
  const evaluated = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runCli(['evaluate', ...args, '--json'], folder);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as { steps: number[]; loss: number; accuracy: number; metrics?: Record<string, number>; translation?: { lines: number; beam: number; bleu: { score: number; words: number } } };
  };

  it('a run on text records what of the lines was left out, and train says so', async () => {
    writeFileSync(path.join(folder, 'b.de'), `${'Datei ist neu.\n'.repeat(30)}\nEin Satz aus sehr vielen Worten.\n`);
    writeFileSync(path.join(folder, 'b.en'), `${'file is new.\n'.repeat(30)}\nOne.\n`);
    const { code, stdout, stderr } = await runCli(['train', 'messages-translator', '--epochs', '1', '--backend', 'wasm', '--run-dir', 'uneven', ...['data=parallel', 'sourceFile=b.de', 'targetFile=b.en', 'batchTokens=200', 'maxTokens=14', 'merges=20'].flatMap(setting => ['--set', setting])], folder);
    assert.equal(code, 0, stderr);
    const started = readEvents(at('uneven')).events.find(({ type }) => type === 'started') as StartedEvent;
    assert.deepEqual(started.leftOut?.map(({ lines }) => lines), [1, 1]);
    const line = started.leftOut.map(({ lines, what }) => `${lines} ${what}`).join(', ');
    assert.ok(stdout.includes(`left out: ${line}`), stdout);
  });

  it('evaluate says what training validated last, and BLEU of a translator', async () => {
    const found = await evaluated('translator', '--beam', '2', '--limit', '2');
    const { metrics, steps } = lastOf('translator');
    assert.deepEqual(found.steps, [steps]);
    assert.ok(Math.abs(found.loss - metrics.validationLoss!) < 1e-6);
    assert.equal(found.accuracy, metrics.validationAccuracy);
    assert.deepEqual([found.translation!.lines, found.translation!.beam], [2, 2]);
    assert.ok(found.translation!.bleu.score >= 0 && found.translation!.bleu.score <= 100);
    const { stdout } = await runCli(['evaluate', 'translator', '--beam', '1', '--limit', '1', '--tokenization', 'none'], folder);
    assert.match(stdout, /^Step \d+, [\d,]+ examples held out\n {2}loss +\d\.\d{4}\n {2}accuracy +\d+\.\d\d %\n {2}BLEU +\d+\.\d\d \(none, beam 1, length penalty 1; 1 line; precisions /);
  });

  it('evaluate takes the mean of checkpoints, and the figures of a task', async () => {
    const { steps } = lastOf('kinds');
    const last = await evaluated('kinds');
    const mean = await evaluated('kinds', '--average', '2');
    assert.deepEqual([last.steps, mean.steps], [[steps], [steps, steps / 2]]);
    assert.notEqual(mean.loss, last.loss);
    assert.equal(last.metrics!['accuracy'], last.accuracy);
    assert.ok('matthews' in last.metrics! || last.accuracy > 0);
    assert.equal(last.translation, undefined);
    assert.match((await runCli(['evaluate', 'kinds', '--average', '2'], folder)).stdout, new RegExp(`^Mean of 2 checkpoints, steps ${steps / 2}, ${steps}, `));
  });

  it('translate writes a line for each line, the same from the standard input as from a file', async () => {
    const lines = ['Datei ist neu.', '', 'Typ war alt.', '   '];
    writeFileSync(at('in.txt'), `${lines.join('\n')}\n`);
    const fromFile = await runCli(['translate', 'translator', '--input', 'in.txt', '--beam', '2'], folder);
    assert.equal(fromFile.code, 0, fromFile.stderr);
    const out = fromFile.stdout.split('\n');
    assert.deepEqual([out.length, out[1], out[3], out[4]], [5, '', '', '']);
    const alone = await runCli(['translate', 'translator', '--beam', '2'], folder, undefined, {}, lines.slice(2, 3).join('\n'));
    assert.deepEqual(alone.stdout, `${out[2]!}\n`);
  });

  it('continue goes on with a text, the same for the same seed', async () => {
    const goOn = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await runCli(['continue', 'language', ...args], folder);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const text = await goOn('type is', '--length', '6', '--temperature', '1', '--seed', '3');
    assert.match(text, /^type is/);
    assert.equal(await goOn('type', 'is', '--length', '6', '--temperature', '1', '--seed', '3'), text);
    assert.notEqual(await goOn('--length', '12'), '');
  });

  it('all say what is wrong with a command line, a run or a file', async () => {
    writeFileSync(at('latin1.txt'), Buffer.from([0x41, 0x0a, 0xe4, 0x0a]));
    const cases: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
      [['evaluate'], 2, /Say which run/],
      [['evaluate', 'nowhere'], 2, /nowhere is not a run directory/],
      [['evaluate', 'kinds', '--average', '9'], 2, /average is 9, but the run has 2 checkpoints \(its checkpointsKept is 2\)\. Average at most 2, or train with checkpointsKept at 9 or more/],
      [['evaluate', 'translator', '--beam', '0'], 2, /--beam is "0", but must be a whole number from 1 to 100/],
      [['evaluate', 'translator', '--tokenization', 'intl'], 2, /--tokenization names "intl", but must name some of none, 13a/],
      [['evaluate', 'translator', '--length-penalty', 'x'], 2, /--length-penalty is "x", but must be a number from -10 to 10/],
      [['evaluate', 'translator', '--backend', 'cuda'], 2, /backend is "cuda", but must be auto, wasm/],
      [['evaluate', 'translator', '--test'], 2, /The data "parallel" bring no test set/],
      [['translate', 'language', '--input', 'latin1.txt'], 2, /latin1\.txt:2: the line is not UTF-8/],
      [['translate', 'kinds', '--input', 'latin1.txt'], 2, /latin1\.txt:2/],
      [['continue', 'translator', 'The'], 2, /trained the model "dynamicconv-tiny" on "parallel", which continues no text/],
    ];
    for (const [args, code, message] of cases) {
      const found = await runCli(args, folder);
      assert.equal(found.code, code, `${args.join(' ')}: ${found.stderr}`);
      assert.match(found.stderr, message);
    }
  });
});
