import assert from 'node:assert/strict';
import { checkChange, checkRunFile, resolveSettings } from '../../../src/settings/validate';
import { allowed } from '../../../src/settings/knobSchema';
import { optionsWithin } from '../../../src/settings/devicePlacement';
import { defaults, defaultsFor, isLive, knob, knobNames, type KnobName, type Settings } from '../../../src/settings/knobs';
import { knobs } from '../../../src/settings/knobTable';
import { onDevice, optimizers } from '../../../src/settings/optimizers';
import { InputError, type Problem } from '../../../src/settings/problem';
import { presetNames } from '../../../src/settings/presets';

function problemsOf(body: () => unknown): readonly Problem[] {
  try {
    body();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.problems;
  }
  return assert.fail('nothing was refused');
}

/** Values outside what the table allows, for every knob. */
function badValues(name: KnobName): unknown[] {
  const entry = knob(name);
  switch (entry.kind) {
    case 'switch': return ['true', 1, null];
    case 'choice': return ['no such option', 3, null];
    case 'groups': return ['bias$', 3, null, { match: 'bias$' }];
    case 'names': return ['conv1', 3, null, [''], ['conv1', 'conv1'], [3]];
    case 'path': return ['', 3, true, ['path']];
    case 'number': {
      const outside = [entry.min - Math.max(1e-12, Math.abs(entry.min)), entry.max * 2, 'a', true, Number.NaN, Number.POSITIVE_INFINITY];
      return [...outside, ...(entry.integer ? [entry.min + 0.5] : []), ...(entry.nullMeans === undefined ? [null] : [])];
    }
  }
}

describe('settings: validation', () => {
  it('accepts the defaults, and every preset', () => {
    assert.deepEqual(resolveSettings(checkRunFile({})), defaults);
    assert.deepEqual(checkRunFile({ ...defaults }), defaults);
    for (const preset of presetNames) assert.deepEqual(checkRunFile(resolveSettings({ preset })), resolveSettings({ preset }));
  });

  it('starts every optimizer from its own defaults, under what is given', () => {
    assert.equal(resolveSettings({ optimizer: 'adamw' }).learningRate, 0.001);
    assert.equal(resolveSettings({ preset: 'digits-convnet', optimizer: 'sgd' }).learningRate, 0.1);
    assert.equal(resolveSettings({ optimizer: 'adamw', learningRate: 0.5 }).learningRate, 0.5);
  });

  for (const name of knobNames) {
    it(`refuses every bad ${name}, naming field, value, range and remedy`, () => {
      for (const value of badValues(name)) {
        const problems = problemsOf(() => checkRunFile({ [name]: value }));
        assert.equal(problems.length, 1, String(value));
        const { field, message } = problems[0]!;
        assert.equal(field, name);
        assert.ok(message.includes(JSON.stringify(value)), message);
        assert.ok(message.includes(allowed(knob(name))), message);
        assert.match(message, /Choose such a value/);
      }
    });
  }

  it('names every problem at once', () => {
    const fields = problemsOf(() => checkRunFile({ density: 2, window: 0, learningRat: 1 })).map(({ field }) => field).sort();
    assert.deepEqual(fields, ['density', 'learningRat', 'window']);
  });

  it('guesses what an unknown setting was meant to be', () => {
    for (const [typed, meant] of [['learningrate', 'learningRate'], ['learning_rate', 'learningRate'], ['densty', 'density'], ['batch', 'batchSize'], ['windw', 'window']]) {
      assert.match(problemsOf(() => checkRunFile({ [typed!]: 1 }))[0]!.message, new RegExp(`"${meant!}"`));
    }
    assert.match(problemsOf(() => checkRunFile({ colour: 1 }))[0]!.message, /the settings are model, data/);
  });

  it('refuses what is not an object', () => {
    for (const input of [null, 3, 'digits-mlp', [1], undefined]) assert.match(problemsOf(() => checkRunFile(input))[0]!.message, /JSON object/);
  });

  it('lets a change touch only live knobs that the optimizer reads', () => {
    assert.deepEqual(checkChange({ density: 0.5, learningRate: 1 }, defaults), { density: 0.5, learningRate: 1 });
    assert.match(problemsOf(() => checkChange({ seed: 7 }, defaults))[0]!.message, /whole run/);
    assert.match(problemsOf(() => checkChange({ density: 0.5 }, { ...defaults, optimizer: 'sgd' }))[0]!.message, /no effect on the optimizer sgd/);
    assert.deepEqual(knobNames.filter(name => !isLive(name)).sort(), [
      'attentionDropout', 'backend', 'batchSize', 'batchTokens', 'checkpointEvery', 'checkpointsKept', 'data', 'dropout', 'epochs', 'errorFeedback', 'fusedUpdate', 'groups', 'labelSmoothing',
      'lossScale', 'lossScaleGrowthInterval', 'lossScaling', 'masterCopy', 'matrixLimit', 'maxTokens', 'merges', 'model', 'module', 'momentPrecision', 'optimizer', 'parameterPrecision', 'placement',
      'pretrained', 'rewireEvery', 'rewireFraction', 'rewireUntil', 'seed', 'shift', 'snapshotAtPeak', 'sourceFile', 'targetFile', 'validationFraction', 'vocabularyFile', 'weightDensity', 'weightDropout', 'workers',
    ]);
  });

  it('takes choices that are numbers, and says them', () => {
    assert.deepEqual(checkRunFile({ errorFeedbackBits: 4 }), { errorFeedbackBits: 4 });
    assert.match(problemsOf(() => checkRunFile({ errorFeedbackBits: '4' }))[0]!.message, /errorFeedbackBits is "4", but must be 32, 16, 8, 4\..*default 32 \(micro-adam 4\)/);
  });
});

describe('settings: the placement on the device', () => {
  const lacking = optimizers.filter(name => !(onDevice as readonly string[]).includes(name));
  const refusals: readonly [settings: Partial<Settings>, field: string, message: RegExp][] = [
    ...lacking.map((optimizer): [Partial<Settings>, string, RegExp] => [{ optimizer }, 'optimizer', new RegExp(`optimizer is "${optimizer}".*that of sgd, adamw, .*choose the placement "host"`)]),
    [{ optimizer: 'sparse-mfac', valuePrecision: 'bfloat16' }, 'valuePrecision', /valuePrecision is "bfloat16".*not auto\. Set it to "float32"/],
    [{ optimizer: 'sparse-ggt', backend: 'wasm', errorFeedbackBits: 16 }, 'errorFeedbackBits', /errorFeedbackBits is 16.*not wasm\. Set it to 32/],
  ];
  for (const [settings, field, message] of refusals) {
    it(`is refused with ${JSON.stringify(settings)}, in a file and wherever the two meet; the host takes it`, () => {
      for (const body of [() => checkRunFile({ placement: 'device', ...settings }), () => resolveSettings({ ...checkRunFile({ placement: 'device' }), ...checkRunFile(settings) })]) {
        const [problem] = problemsOf(body);
        assert.equal(problem?.field, field);
        assert.match(problem.message, message);
      }
      assert.equal(resolveSettings(checkRunFile({ placement: 'host', ...settings })).placement, 'host');
    });
  }

  it('takes its optimizers with their defaults, and presets', () => {
    for (const optimizer of onDevice) assert.equal(resolveSettings(checkRunFile({ placement: 'device', optimizer })).optimizer, optimizer);
    for (const preset of ['digits-mlp', 'digits-convnet']) assert.equal(resolveSettings(checkRunFile({ preset, placement: 'device' })).placement, 'device');
    assert.match(problemsOf(() => checkRunFile({ preset: 'digits-low-memory', placement: 'device' }))[0]!.message, /which only the host can do/);
    assert.deepEqual(checkRunFile({ optimizer: 'sparse-mfac', placement: 'device', errorFeedback: false, errorFeedbackBits: 4 }).errorFeedbackBits, 4);
  });

  it('refuses a change to what it lacks, and offers only what it has', () => {
    const current = resolveSettings({ placement: 'device' });
    assert.match(problemsOf(() => checkChange({ valuePrecision: 'bfloat16' }, current))[0]!.message, /valuePrecision is "bfloat16"/);
    assert.deepEqual(checkChange({ density: 0.5, errorFeedbackBits: 32 }, current), { density: 0.5, errorFeedbackBits: 32 });
    const offered = (settings: Settings) => ([['valuePrecision', knobs.valuePrecision], ['errorFeedbackBits', knobs.errorFeedbackBits], ['schedule', knobs.schedule]] as const).map(([name, entry]) => optionsWithin(settings, name, entry));
    assert.deepEqual(offered(current), [['float32'], [32], knobs.schedule.options]);
    assert.deepEqual(offered(defaults), [knobs.valuePrecision.options, knobs.errorFeedbackBits.options, knobs.schedule.options]);
  });
});

describe('settings: workers', () => {
  const message = /workers is 2, but the backend is tensorflow, which computes in parallel by itself; with it workers must be 1\. Set workers to 1, or backend to "wasm"\./;

  it('are refused on a backend that is parallel by itself, in a file and wherever the two meet', () => {
    for (const body of [() => checkRunFile({ workers: 2, backend: 'tensorflow' }), () => resolveSettings({ ...checkRunFile({ workers: 2 }), ...checkRunFile({ backend: 'tensorflow' }) })]) {
      const [problem] = problemsOf(body);
      assert.equal(problem?.field, 'workers');
      assert.match(problem.message, message);
    }
  });

  it('are taken on wasm and cpu, on auto until it is known what that is, and one anywhere', () => {
    for (const backend of ['wasm', 'cpu', 'auto'] as const) assert.equal(resolveSettings(checkRunFile({ workers: 16, backend })).workers, 16);
    assert.equal(resolveSettings(checkRunFile({ workers: 1, backend: 'tensorflow' })).workers, 1);
    assert.match(problemsOf(() => checkRunFile({ workers: 17 }))[0]!.message, /workers is 17, but must be a whole number from 1 to 16\. .* default 1\./);
    assert.match(problemsOf(() => checkChange({ workers: 2 }, defaults))[0]!.message, /workers is 1 for the whole run/);
  });
});

describe('settings: limits of one optimizer', () => {
  const tooMuch = /beta2 is 1, but must be a number from 0 to 0\.99999 for the optimizer adamw\. Choose such a value, or another optimizer, or leave it out for the default 0\.999\./;

  it('hold in a file that names the optimizer, wherever the two meet, and in a change', () => {
    assert.match(problemsOf(() => checkRunFile({ optimizer: 'adamw', beta2: 1 }))[0]!.message, tooMuch);
    assert.match(problemsOf(() => resolveSettings({ ...checkRunFile({ beta2: 1 }), ...checkRunFile({ optimizer: 'adamw' }) }))[0]!.message, tooMuch);
    assert.match(problemsOf(() => checkChange({ beta2: 1 }, resolveSettings({ optimizer: 'adamw' })))[0]!.message, tooMuch);
    assert.equal(problemsOf(() => checkRunFile({ optimizer: 'adamw', beta2: 1 }))[0]!.field, 'beta2');
  });

  it('hold for no other: 1 is what ggt and shampoo may have', () => {
    for (const optimizer of ['ggt', 'sparse-ggt', 'low-rank-ggt', 'shampoo'] as const) assert.equal(resolveSettings(checkRunFile({ optimizer, beta2: 1 })).beta2, 1);
    assert.deepEqual(checkChange({ beta2: 1 }, resolveSettings({ optimizer: 'ggt' })), { beta2: 1 });
    assert.equal(resolveSettings({ optimizer: 'adamw', beta2: 0.99999 }).beta2, 0.99999);
  });

  it('every default is within them', () => {
    for (const optimizer of optimizers) {
      const settings = defaultsFor(optimizer);
      assert.deepEqual(checkRunFile(settings), settings);
    }
  });
});
