import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { glueCatalog } from '../../../../../src/data/glueCatalog';
import { glueTasks, type GlueName } from '../../../../../src/data/text/classification/glueTasks';
import { loadClassification, type ClassificationSettings } from '../../../../../src/data/text/classification/loadClassification';
import { messageKinds } from '../../../../../src/data/text/classification/messageKinds';
import { readMessages } from '../../../../../src/data/text/readMessages';
import { InputError } from '../../../../../src/settings/problem';
import { assets } from '../../../../support/assets';
import { glueFiles } from '../../../../support/glueFiles';
import { zip } from '../../../../support/zip';

const vocabularyFile = 'test/fixtures/wordPiece/vocab.txt';
const load = (settings: Partial<ClassificationSettings>) => loadClassification({ data: 'message-kinds', maxTokens: 64, merges: 200, vocabularyFile: null, ...settings }, assets);

describe('data: kinds of messages', () => {
  const { classes, train, validation, leftOut } = messageKinds(assets);

  it('are errors and mere messages; of warnings and suggestions there are too few', () => {
    assert.deepEqual(classes, ['error', 'message']);
    const counts = [0, 1].map(label => [...train, ...validation].filter(example => example.label === label).length);
    const real = new Map(readMessages(assets).map(({ english, category }) => [english, category]));
    assert.deepEqual(counts, [1, 3].map(category => [...real.values()].filter(found => found === category).length));
    assert.ok(counts[0]! > 1000 && counts[1]! > 500, counts.join(' and '));
    assert.deepEqual(leftOut, [{ lines: real.size - counts[0]! - counts[1]!, what: 'messages of a kind with fewer than 50 examples' }]);
    assert.deepEqual([...train, ...validation].find(({ sentences: [line] }) => line === 'Cannot find name \'{0}\'.')?.label, 0);
  });

  it('are split about nine to one, with both classes on both sides', () => {
    const share = validation.length / (train.length + validation.length);
    assert.ok(share > 0.07 && share < 0.13, String(share));
    for (const side of [train, validation]) assert.deepEqual(new Set(side.map(({ label }) => label)), new Set([0, 1]));
  });

  it('that read alike are on the same side', () => {
    const words = ({ sentences: [line] }: { readonly sentences: readonly string[] }) => line!.replace(/\{\d\}/g, '').toLowerCase().replace(/[^a-z]+/g, ' ').trim();
    const trained = new Set(train.map(words));
    assert.deepEqual(validation.filter(example => trained.has(words(example))), []);
    assert.ok(trained.size < train.length, 'some do read alike');
  });

  it('are cut into pieces that training lines teach, or into those of a file', async () => {
    const learnt = await load({});
    const { inputs: [tokens] } = learnt.make(Uint32Array.of(0, 1, 2));
    assert.ok(learnt.sequences!.lengths.every(length => length >= 3 && length <= 64));
    for (let row = 0; row < 3; row++) {
      const length = learnt.sequences!.lengths[row]!;
      const sequence = tokens!.values.subarray(row * tokens!.shape[1]!).subarray(0, length);
      assert.deepEqual([sequence[0], sequence[length - 1]], [2, 2], 'the end stands for begin and separator');
      assert.ok(sequence.every(token => token > 0 && token < learnt.text!.source.size));
    }
    const fromFile = await load({ vocabularyFile });
    assert.equal(fromFile.text!.source.size, 600);
    const { inputs: [pieces] } = fromFile.make(Uint32Array.of(0));
    assert.deepEqual([pieces!.values[0], pieces!.values.at(-1)], [2, 3]);
    assert.deepEqual([fromFile.examples, fromFile.ownValidation, fromFile.classes], [learnt.examples, learnt.ownValidation, 2]);
  });
});

describe('data: GLUE of the data home', () => {
  let home: string;
  const { EFCP_DATA_HOME: before } = process.env;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'efcp-data-'));
    process.env.EFCP_DATA_HOME = home;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.EFCP_DATA_HOME;
    else process.env.EFCP_DATA_HOME = before;
    rmSync(home, { recursive: true });
  });
  const bring = (name: GlueName, folder: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(path.join(home, name, folder), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(home, name, folder, file), text);
  };

  for (const name of Object.keys(glueTasks) as GlueName[]) {
    it(`${name} is loaded as examples`, async () => {
      bring(name, name === 'rte' ? '' : glueCatalog[name].folder, glueFiles(name));
      const dataset = await load({ data: name, vocabularyFile });
      const { classes, sentences } = glueTasks[name];
      assert.deepEqual([dataset.name, dataset.examples, dataset.ownValidation, dataset.classes, dataset.labelKind], [name, 7, 2, classes?.length, classes === undefined ? 'values' : 'classNumbers']);
      const { inputs: [tokens, segments], labels } = dataset.make(Uint32Array.of(0, 1, 2, 3, 4, 5, 6));
      assert.deepEqual([...labels.values], classes === undefined ? [0, 0.75, 1.5, 2.25, 3, 0, 0.75] : [0, 1, 2, 3, 4, 0, 1].map(row => row % classes.length));
      assert.equal(tokens!.values.filter(token => token === 3).length, 7 * sentences.length, 'a separator after each sentence');
      assert.equal(segments!.values.includes(1), sentences.length === 2);
    });
  }

  it('teaches pieces by its training lines alone', async () => {
    bring('cola', '', { 'train.tsv': 'a\t1\t\tThey sleep well.\n'.repeat(9), 'dev.tsv': 'a\t1\t\tThey quarrel.\na\t0\t\tThey sleep.\n' });
    const dataset = await load({ data: 'cola' });
    const [heard, unheard] = [10, 9].map(example => dataset.make(Uint32Array.of(example)).inputs[0]!.values.includes(1));
    assert.deepEqual([heard, unheard], [false, true]);
    assert.equal(dataset.text!.source.decode(dataset.text!.source.encode('They sleep well.')), 'they sleep well.');
  });

  it('is unpacked where its zip was put there by hand', async () => {
    bring('wnli', '', {});
    writeFileSync(path.join(home, 'wnli', 'WNLI.zip'), zip(Object.fromEntries(Object.entries(glueFiles('wnli')).map(([file, text]) => [`WNLI/${file}`, text]))));
    assert.equal((await load({ data: 'wnli' })).examples, 7);
    assert.deepEqual(readdirSync(path.join(home, 'wnli')).toSorted(), ['WNLI', 'WNLI.zip']);
  });

  it('that is not there says how to get it', async () => {
    await assert.rejects(load({ data: 'sst-2' }), /sst-2 is not on this machine \(looked in .*SST-2 and .*sst-2\)\. Fetch it with: efcp data fetch sst-2\. Without a connection, bring SST-2\.zip/);
    await assert.rejects(load({ data: 'mrpc' }), /mrpc is not on this machine.*Bring train\.tsv and dev\.tsv, or msr_paraphrase_train\.txt/);
    bring('qnli', 'QNLI', { 'train.tsv': glueFiles('qnli')['train.tsv']! });
    await assert.rejects(load({ data: 'qnli' }), /not whole: dev\.tsv is missing/);
  });

  it('is refused with file and line, and a wrong vocabulary before anything is read', async () => {
    bring('cola', '', { ...glueFiles('cola'), 'dev.tsv': 'gj04\tyes\t\tGood.\n' });
    await assert.rejects(load({ data: 'cola' }), (error: unknown) => error instanceof InputError && /dev\.tsv:1: the field label is "yes"/.test(error.message));
    await assert.rejects(load({ data: 'cola', vocabularyFile: 'package.json' }), (error: unknown) => error instanceof InputError && /package\.json:1: the first piece must be \[PAD\]/.test(error.message));
    await assert.rejects(load({ data: 'cola', vocabularyFile: path.join(home, 'none.txt') }), (error: unknown) => error instanceof InputError && error.problems[0]?.field === 'vocabularyFile' && /none\.txt.*cannot be read/.test(error.message));
  });
});
