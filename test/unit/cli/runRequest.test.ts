import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAssignment, resolveRequest } from '../../../src/cli/runRequest';
import { planFile } from '../../../src/host/runPlan';
import { InputError } from '../../../src/settings/problem';

describe('cli: assignments', () => {
  it('read numbers, texts, null, lists of names and paths, each as its setting wants it', () => {
    const cases: readonly (readonly [text: string, value: unknown])[] = [
      ['density=0.05', 0.05], ['optimizer=sgd', 'sgd'], ['microbatch=null', null], ['nesterov=true', true], ['groups=[]', []],
      ['recomputeLayers=conv1', ['conv1']], ['recomputeLayers=conv1, conv2', ['conv1', 'conv2']], ['recomputeLayers=["a,b"]', ['a,b']], ['memory.recomputeLayers=a,b', ['a', 'b']],
      ['module=./my=model.mjs', './my=model.mjs'], ['module=2024', '2024'], ['module=null', null],
    ];
    for (const [text, value] of cases) assert.deepEqual(parseAssignment(text)[1], value, text);
    assert.throws(() => parseAssignment('density'), InputError);
  });

  it('keep whole paths: from a run file where it lies, from the command line where it runs', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'efcp-paths-'));
    try {
      const file = path.join(folder, 'run.efcp.json');
      writeFileSync(file, JSON.stringify({ model: 'dynamicconv-tiny', data: 'parallel', text: { sourceFile: 'a.de', targetFile: '../b.en' } }));
      const { settings } = resolveRequest(file, Object.fromEntries([parseAssignment('targetFile=c.en')]));
      assert.deepEqual([settings.sourceFile, settings.targetFile, settings.vocabularyFile], [path.join(folder, 'a.de'), path.resolve('c.en'), null]);
      assert.equal(planFile(readFileSync(file, 'utf8'), file, folder).settings.targetFile, path.join(path.dirname(folder), 'b.en'));
      assert.equal(resolveRequest('digits-mlp', { model: 'bert-tiny', data: 'cola', pretrained: 'm.safetensors', vocabularyFile: 'v.txt' }).settings.pretrained, path.resolve('m.safetensors'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('set a setting of the section memory by its name or by its path', () => {
    for (const text of ['memory.microbatch=10', 'microbatch=10', 'memory={"microbatch": 10}']) {
      assert.equal(resolveRequest('digits-mlp', Object.fromEntries([parseAssignment(text)])).settings.microbatch, 10, text);
    }
    assert.throws(() => resolveRequest('digits-mlp', Object.fromEntries(['memory.microbatch=10', 'microbatch=5'].map(parseAssignment))), /microbatch is given twice/);
    assert.throws(() => resolveRequest('digits-mlp', Object.fromEntries([parseAssignment('memory.microbatch=100')])), /microbatch is 100, but batchSize is 64/);
    assert.equal(resolveRequest('digits-mlp', Object.fromEntries(['memory.microbatch=100', 'batchSize=128'].map(parseAssignment))).settings.microbatch, 100);
  });
});
