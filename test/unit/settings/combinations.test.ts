import assert from 'node:assert/strict';
import { dataOf, modelsFor } from '../../../src/settings/dataFit';
import { isRead } from '../../../src/settings/isRead';
import { mostOf } from '../../../src/settings/limits';
import { defaults, defaultsFor, knobNames, sectionOf, type KnobName, type Settings } from '../../../src/settings/knobs';
import { knobs, sections } from '../../../src/settings/knobTable';
import { isPacked, techniquesIn } from '../../../src/settings/memoryTechniques';
import { optimizers } from '../../../src/settings/optimizers';
import { InputError, type Problem } from '../../../src/settings/problem';
import { checkChange, checkRunFile, resolveSettings } from '../../../src/settings/validate';

function problemsOf(body: () => unknown): readonly Problem[] {
  try {
    body();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.problems;
  }
  return assert.fail('nothing was refused');
}

/** Runs whose settings are right one by one only: two halves, the field, and what the message says. */
const refused: readonly (readonly [first: Partial<Settings>, second: Partial<Settings>, field: KnobName, message: RegExp])[] = [
  [{ microbatch: 65 }, { batchSize: 64 }, 'microbatch', /microbatch is 65, but batchSize is 64; it must be from 1 to 64, or null\. Lower microbatch, or raise batchSize\./],
  [{ recompute: 'named' }, { recomputeLayers: [] }, 'recompute', /recomputeLayers is \[\]; it must name at least one layer/],
  [{ microbatch: 8 }, { workers: 2 }, 'microbatch', /microbatch is 8, but workers is 2;.*microbatch must be null/],
  [{ recompute: 'block' }, { workers: 2 }, 'recompute', /recompute is "block", but workers is 2;.*must be "none"/],
  [{ activationPrecision: 'float16' }, { workers: 2 }, 'activationPrecision', /must be "float32"/],
  [{ weightDensity: 0.3 }, { workers: 3 }, 'weightDensity', /weightDensity is 0\.3, but workers is 3.*must be 1\./],
  [{ lossScaling: 'dynamic' }, { workers: 2 }, 'lossScaling', /lossScaling is "dynamic".*must be "off"/],
  [{ workers: 2 }, { model: 'wrn-28-2', data: 'cifar-10' }, 'workers', /workers is 2, but the model is "wrn-28-2"; several workers can share only mlp, convnet, logistic/],
  [{ parameterPrecision: 'bfloat16' }, { placement: 'device', optimizer: 'sgd' }, 'parameterPrecision', /parameterPrecision is "bfloat16", which only the host can do.*Set placement to "host"/],
  [{ momentPrecision: 'float16', optimizer: 'adamw' }, { placement: 'device' }, 'momentPrecision', /momentPrecision is "float16", which only the host/],
  [{ weightDensity: 0.5, optimizer: 'sgd' }, { placement: 'device' }, 'weightDensity', /only the host/],
  [{ fusedUpdate: true, optimizer: 'sgd' }, { placement: 'device' }, 'fusedUpdate', /fusedUpdate is true, which only the host.*fusedUpdate to false/],
  [{ masterCopy: true }, { parameterPrecision: 'float32' }, 'masterCopy', /nothing to keep a copy of\. Set parameterPrecision to "float16" or "bfloat16", or masterCopy to false/],
  [{ fusedUpdate: true }, { optimizer: 'muon' }, 'fusedUpdate', /the optimizer is "muon", which must see all gradients at once; it can be sgd or adamw/],
  [{ fusedUpdate: true, optimizer: 'sgd' }, { microbatch: 8 }, 'fusedUpdate', /fusedUpdate is true, but microbatch is 8/],
  [{ fusedUpdate: true, optimizer: 'sgd' }, { clipNorm: 1 }, 'fusedUpdate', /fusedUpdate is true, but clipNorm is 1/],
  [{ fusedUpdate: true, optimizer: 'sgd', parameterPrecision: 'float32' }, { lossScaling: 'dynamic' }, 'fusedUpdate', /the loss is scaled.*Set lossScaling to "off"/],
  [{ fusedUpdate: true, optimizer: 'sgd', lossScaling: 'auto' }, { parameterPrecision: 'float16' }, 'fusedUpdate', /the loss is scaled/],
  ...(['low-rank-mfac', 'low-rank-ggt', 'muon', 'shampoo', 'soap', 'adafactor', 'adamw-8bit'] as const).map(optimizer =>
    [{ weightDensity: 0.2 }, { optimizer }, 'weightDensity', new RegExp(`weightDensity is 0\\.2, but the optimizer is "${optimizer}".*must be 1`)] as const),
  [{ data: 'cifar-10' }, { model: 'mlp' }, 'data', /data is "cifar-10", which the model "mlp" cannot take; it must be one of digits, mnist, fashion-mnist, module\..*models logistic, resnet20, wrn-28-2, wrn-10-1, module\./],
  [{ data: 'messages' }, { model: 'bert-tiny' }, 'data', /data is "messages", which the model "bert-tiny" cannot take; it must be one of message-kinds, cola,.*models dynamicconv, dynamicconv-tiny, language-model, module\./],
  [{ data: 'parallel', targetFile: 'a.en' }, { sourceFile: null }, 'data', /data is "parallel", but sourceFile is null; it must be the path of a text file\. Set sourceFile, for example to "\.\/train\.de"/],
  [{ data: 'parallel', sourceFile: 'a.de' }, { targetFile: null }, 'data', /data is "parallel", but targetFile is null; it must be the path of a text file with the translations/],
  [{ sourceFile: 'a.txt' }, { data: 'messages' }, 'sourceFile', /sourceFile is "a\.txt", but data is "messages", so nothing would read it; data must be one of parallel, text\. Set data to one of these, or leave sourceFile out\./],
  [{ targetFile: 'a.txt' }, { data: 'text', sourceFile: 'b.txt' }, 'targetFile', /nothing would read it; data must be "parallel"\. Set data to that, or leave targetFile out/],
  [{ vocabularyFile: 'vocab.txt' }, { data: 'digits' }, 'vocabularyFile', /nothing would read it; data must be one of text, messages/],
  [{ maxTokens: 600 }, { model: 'bert-tiny', data: 'sst-2' }, 'maxTokens', /has 512 positions; it must be from 4 to 512\. Lower maxTokens/],
  [{ pretrained: 'bert.safetensors' }, { model: 'dynamicconv-tiny' }, 'pretrained', /pretrained is "bert\.safetensors", but model is "dynamicconv-tiny", so nothing would read it; model must be one of bert-tiny, bert-mini/],
  [{ pretrained: 'bert.safetensors', model: 'bert-tiny' }, { vocabularyFile: null }, 'pretrained', /vocabularyFile is null; the numbers of its tokens mean nothing.*Set vocabularyFile/],
  [{ batchTokens: 100, data: 'messages' }, { maxTokens: 175 }, 'batchTokens', /batchTokens is 100, but maxTokens is 175; it must be at least that.*Raise batchTokens, or lower maxTokens\./],
  [{ batchTokens: 4000 }, { data: 'digits' }, 'batchTokens', /batchTokens is 4000, but data is "digits", which is not cut into tokens; it must be null/],
  [{ workers: 2 }, { model: 'dynamicconv-tiny' }, 'workers', /workers is 2, but the model is "dynamicconv-tiny".*since sequences differ in length/],
  [{ model: 'module' }, { module: null }, 'model', /model is "module", but module is null/],
  [{ data: 'module' }, { module: null }, 'data', /data is "module", but module is null/],
  [{ module: './my.mjs' }, { model: 'mlp', data: 'digits' }, 'module', /module is "\.\/my\.mjs", but neither model nor data is "module"/],
];

describe('settings: combinations', () => {
  for (const [first, second, field, message] of refused) {
    it(`refuses ${JSON.stringify(first)} with ${JSON.stringify(second)}, in one file and wherever the two meet`, () => {
      assert.ok(problemsOf(() => checkRunFile({ ...first, ...second })).some(problem => problem.field === field && message.test(problem.message)));
      assert.ok(problemsOf(() => resolveSettings({ ...checkRunFile(first), ...checkRunFile(second) })).some(problem => message.test(problem.message)));
    });
  }

  it('takes what is right together', () => {
    const right: readonly Partial<Settings>[] = [
      { microbatch: 64 }, { microbatch: 200, batchSize: 256 }, { recompute: 'named', recomputeLayers: ['conv1'] }, { workers: 2, microbatch: null, recompute: 'none' },
      { placement: 'device', optimizer: 'sgd', microbatch: 8, recompute: 'block', activationPrecision: 'float16' }, { parameterPrecision: 'float16', masterCopy: true },
      { fusedUpdate: true, optimizer: 'sgd', clipValue: 1, parameterPrecision: 'bfloat16' }, { fusedUpdate: true, optimizer: 'adamw', parameterPrecision: 'float16', lossScaling: 'off' },
      { weightDensity: 0.1, optimizer: 'sparse-mfac' }, { model: 'wrn-28-2', data: 'cifar-10' }, { model: 'wrn-10-1', data: 'digits' }, { model: 'module', module: './my.mjs' }, { data: 'module', module: 'my.js' },
      { momentPrecision: 'float16', optimizer: 'sparse-mfac', placement: 'device' },
      { model: 'dynamicconv-tiny', data: 'parallel', sourceFile: 'a.de', targetFile: 'a.en', batchTokens: 175, microbatch: 100 }, { model: 'language-model', data: 'text', sourceFile: 'a.txt' }, { model: 'language-model', data: 'text' },
      { model: 'bert-mini', data: 'sst-2', vocabularyFile: 'vocab.txt', pretrained: 'model.safetensors' }, { model: 'bert-tiny', data: 'sts-b' }, { model: 'logistic', data: 'features', workers: 2 },
    ];
    for (const settings of right) assert.deepEqual(checkRunFile(settings), settings);
    for (const settings of right) resolveSettings(settings);
  });

  it('judges a change by the settings of the run', () => {
    const current = resolveSettings({ optimizer: 'sgd', fusedUpdate: true });
    assert.match(problemsOf(() => checkChange({ microbatch: 8 }, current))[0]!.message, /fusedUpdate is true, but microbatch is 8/);
    assert.deepEqual(problemsOf(() => checkChange({ microbatch: 65 }, defaults)).map(({ field }) => field), ['microbatch']);
    assert.deepEqual(checkChange({ recompute: 'named', recomputeLayers: ['a', 'b'] }, defaults), { recompute: 'named', recomputeLayers: ['a', 'b'] });
    assert.match(problemsOf(() => checkChange({ weightDensity: 0.5 }, defaults))[0]!.message, /whole run/);
  });

  it('bounds a microbatch by the batch only where examples are counted', () => {
    const ofTokens = resolveSettings({ model: 'dynamicconv-tiny', data: 'messages', batchTokens: 4000, batchSize: 8 });
    const ofExamples = { ...ofTokens, batchTokens: null };
    assert.deepEqual(checkChange({ microbatch: 100 }, ofTokens), { microbatch: 100 });
    assert.match(problemsOf(() => checkChange({ microbatch: 100 }, ofExamples))[0]!.message, /batchSize is 8/);
    assert.deepEqual([ofTokens, ofExamples].map(settings => mostOf('microbatch', knobs.microbatch, settings)), [knobs.microbatch.max, 8]);
  });

  it('names every model\'s data, and data that a model of a module can take', () => {
    const files = (data: Settings['data']) => ({ ...(data === 'parallel' || data === 'text' ? { sourceFile: 'a' } : {}), ...(data === 'parallel' ? { targetFile: 'b' } : {}) });
    for (const data of dataOf('module')) resolveSettings({ model: 'module', module: 'my.mjs', data, ...files(data) });
    for (const data of knobs.data.options) assert.ok(modelsFor(data).length > 1, data);
  });
});

describe('settings: sections, and what is read', () => {
  it('every knob stands in one section', () => {
    assert.deepEqual(Object.values(sections).flatMap(section => Object.keys(section)).sort(), [...knobNames].sort());
    assert.deepEqual(['model', 'density', 'microbatch', 'merges', 'colour'].map(sectionOf), ['run', 'optimizer', 'memory', 'text', undefined]);
  });

  it('a knob that other settings leave without effect is not read', () => {
    const read = (name: KnobName, settings: Partial<Settings> = {}) => isRead(name, { ...defaultsFor(settings.optimizer ?? 'sgd'), ...settings });
    const cases: readonly (readonly [KnobName, Partial<Settings>])[] = [
      ['recomputeEvery', { recompute: 'every' }], ['recomputeLayers', { recompute: 'named' }], ['recomputeBudget', { recompute: 'budget' }],
      ['masterCopy', { parameterPrecision: 'bfloat16' }], ['lossScale', { lossScaling: 'dynamic' }], ['lossScaleGrowthInterval', { parameterPrecision: 'float16' }],
      ['rewireEvery', { weightDensity: 0.5 }], ['rewireUntil', { weightDensity: 0.5 }], ['rewireFraction', { weightDensity: 0.5 }],
      ['nesterov', { momentum: 0.9 }], ['stepEvery', { schedule: 'step' }], ['clipTarget', { clipValue: 1 }], ['module', { data: 'module' }],
      ['batchTokens', { data: 'messages' }], ['maxTokens', { data: 'text' }], ['merges', { data: 'iwslt14' }], ['sourceFile', { data: 'text' }], ['targetFile', { data: 'parallel' }], ['vocabularyFile', { data: 'cola' }], ['vocabularyFile', { data: 'messages' }],
      ['pretrained', { model: 'bert-mini' }], ['dropout', { model: 'language-model' }], ['attentionDropout', { model: 'bert-tiny' }], ['weightDropout', { model: 'dynamicconv' }], ['labelSmoothing', { model: 'dynamicconv' }],
    ];
    for (const [name, settings] of cases) assert.deepEqual([read(name), read(name, settings)], [false, true], name);
    assert.ok(!read('nesterov', { optimizer: 'muon', momentum: 0.9 }));
    assert.ok(!read('batchSize', { data: 'messages', batchTokens: 4000 }), 'tokens say how large a batch is');
    assert.ok(!read('merges', { data: 'sst-2', vocabularyFile: 'vocab.txt' }), 'its pieces are in the file');
    assert.ok(!read('labelSmoothing', { model: 'bert-tiny', data: 'sts-b' }), 'values have no classes to spread over');
    assert.ok(!read('shift', { data: 'messages' }));
    assert.ok(!read('rewireEvery', { weightDensity: 0.5, rewireUntil: 0 }));
    assert.ok(!read('lossScale', { parameterPrecision: 'bfloat16' }), 'bfloat16 has the range of float32');
  });

  it('by default nothing is done to save memory, whatever the optimizer', () => {
    for (const optimizer of optimizers) assert.deepEqual([techniquesIn(defaultsFor(optimizer)), isPacked(defaultsFor(optimizer))], [[], false]);
    assert.deepEqual(techniquesIn({ ...defaults, microbatch: 1, recompute: 'sqrt', momentPrecision: 'float16', weightDensity: 0.5 }), ['microbatch', 'recompute', 'weightDensity']);
  });
});
