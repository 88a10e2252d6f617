import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { checkpointFile, listCheckpoints } from '../../../src/protocol/checkpointFiles';
import { writeRecord } from '../../../src/protocol/runDirectory';
import type { Settings } from '../../../src/settings/knobs';
import type { InputError } from '../../../src/settings/problem';
import { readCheckpoint } from '../../../src/trainer/checkpointStore';
import { denseParameters } from '../../../src/trainer/trained/denseParameters';
import { loadTrained } from '../../../src/trainer/trained/loadTrained';
import { ParameterAverage } from '../../../src/trainer/trained/parameterAverage';
import { validationFigures } from '../../../src/trainer/trained/validationFigures';
import { translateLines } from '../../../src/trainer/trained/translations';
import { usualTranslation } from '../../../src/decoding/translate';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';
import { ofType, smallRun } from '../../support/collectRun';
import { trainIn } from '../../support/lastingRun';

/** 18 steps. */
const small: Settings = { ...smallRun, optimizer: 'sgd', batchSize: 512, learningRate: 0.1, epochs: 3, checkpointEvery: 1, checkpointsKept: 3 };

describe('trainer: a run that was trained', () => {
  let folder: string;
  let directory: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-trained-'));
    directory = path.join(folder, 'run');
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  async function trained(settings: Settings) {
    const events = await trainIn(directory, settings);
    writeRecord(directory, { version: 1, id: 'run', name: 'run', createdAt: new Date(0).toISOString(), source: { kind: 'preset', name: 'digits-mlp' }, settings, studio: '0.0.0' });
    const [last] = ofType(events, 'finished');
    return last!;
  }

  const storages: readonly (readonly [how: string, settings: Partial<Settings>])[] = [
    ['plain', {}], ['in float16', { parameterPrecision: 'float16', lossScaling: 'off' }], ['in bfloat16, with a copy', { parameterPrecision: 'bfloat16', masterCopy: true }],
    ['of which half is not zero', { weightDensity: 0.5 }], ['of which 3 % are not zero, in float16', { weightDensity: 0.03, parameterPrecision: 'float16', lossScaling: 'off' }],
  ];
  for (const [how, settings] of storages) {
    it(`predicts with parameters stored ${how} what training last validated`, async () => {
      const { metrics } = await trained({ ...small, epochs: 1, ...settings });
      const before = memory().numTensors;
      const run = await loadTrained(directory, assets);
      const heard: number[] = [];
      const figures = await validationFigures(run, { done: count => heard.push(count) });
      assert.deepEqual(run.steps, [18]);
      assert.deepEqual([figures.examples, heard.at(-1)], [1000, 1000]);
      // A copy in float32 says what halves round.
      assert.ok(Math.abs(figures.loss - metrics.validationLoss!) < (settings.masterCopy ? 1e-3 : 1e-6), `${figures.loss} and ${metrics.validationLoss ?? NaN}`);
      if (!settings.masterCopy) assert.equal(figures.accuracy, metrics.validationAccuracy);
      run.dispose();
      assert.equal(memory().numTensors, before);
    });
  }

  it('averages the parameters of the newest checkpoints, in float64', async () => {
    await trained(small);
    const checkpoints = await Promise.all(listCheckpoints(directory).map(readCheckpoint));
    assert.deepEqual(checkpoints.map(({ state }) => state.step), [54, 36, 18]);
    const run = await loadTrained(directory, assets, { average: 2 });
    assert.deepEqual(run.steps, [54, 36]);
    const [newest, before] = checkpoints.map(denseParameters);
    run.weights.parameters.forEach((parameter, at) => {
      const expected = Float32Array.from(newest![at]!.values, (value, entry) => (value + before![at]!.values[entry]!) / 2);
      assert.deepEqual(parameter.dataSync(), expected);
    });
    run.dispose();
  });

  it('says what to do where there are too few checkpoints, or none', async () => {
    await trained({ ...small, epochs: 1 });
    await assert.rejects(loadTrained(directory, assets, { average: 4 }), (error: InputError) => {
      assert.match(error.message, /average is 4, but the run has 1 checkpoint \(its checkpointsKept is 3\)\. Average at most 1, or train with checkpointsKept at 4 or more\./);
      return true;
    });
    rmSync(path.join(directory, 'checkpoints'), { recursive: true });
    await assert.rejects(loadTrained(directory, assets), /has no checkpoint, so there is nothing to predict with/);
    await assert.rejects(loadTrained(folder, assets), /is not a run directory/);
  });

  it('refuses checkpoints of other shapes, by name', async () => {
    await trained({ ...small, epochs: 1 });
    cpSync(directory, path.join(folder, 'other'), { recursive: true });
    rmSync(path.join(directory, 'checkpoints'), { recursive: true });
    await trained({ ...small, epochs: 2, model: 'logistic' });
    renameSync(checkpointFile(path.join(folder, 'other'), 18).path, checkpointFile(directory, 18).path);
    await assert.rejects(loadTrained(directory, assets, { average: 2 }), /step-00000018\.safetensors holds .*, but the checkpoints before it .*Average the checkpoints of one run/);
  });

  it('translates nothing where no translator was trained', async () => {
    await trained({ ...small, epochs: 1 });
    const run = await loadTrained(directory, assets);
    await assert.rejects(translateLines(run, ['Hallo'], usualTranslation), /trained the model "mlp" on "digits", which translates nothing; it must be one of dynamicconv/);
    run.dispose();
  });
});

describe('trainer: means of parameters', () => {
  const view = (name: string, shape: readonly number[], ...values: number[]) => ({ name, shape, values: Float32Array.from(values) });

  it('are rounded once', () => {
    const average = new ParameterAverage();
    const terms = [16_777_216, 1, 1, 1];
    for (const term of terms) average.add([view('w', [2], term, -term)], 'a');
    assertClose(average.mean()[0]!.values, [Math.fround(16_777_219 / 4), -Math.fround(16_777_219 / 4)], 0);
  });

  it('are refused for other names, shapes or numbers of tensors', () => {
    for (const others of [[view('v', [1], 1)], [view('w', [1, 1], 1)], [view('w', [1], 1), view('v', [1], 1)], []]) {
      const average = new ParameterAverage();
      average.add([view('w', [1], 1)], 'first');
      assert.throws(() => average.add(others, 'second'), /second holds .*, but the checkpoints before it w \[1\]|1 tensors/);
    }
  });
});
