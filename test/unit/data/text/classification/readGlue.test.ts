import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { glueTasks, type GlueName } from '../../../../../src/data/text/classification/glueTasks';
import { readGlue } from '../../../../../src/data/text/classification/readGlue';
import { InputError } from '../../../../../src/settings/problem';
import { glueFiles } from '../../../../support/glueFiles';

const names = Object.keys(glueTasks) as GlueName[];

describe('data: the files of GLUE', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-glue-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const write = (files: Readonly<Record<string, string | Uint8Array>>) => { for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text); };

  for (const name of names) {
    const { sentences, classes, editions } = glueTasks[name];
    for (const edition of editions) {
      it(`of ${name} are read (${edition.train.file})`, () => {
        write(glueFiles(name, edition));
        const { train, validation, classes: read } = readGlue(name, folder);
        assert.deepEqual([train.length, validation.length, read], [5, 2, classes]);
        assert.deepEqual(train[3], { sentences: sentences.map(column => `"Sentence 3 of ${column}, it's "quoted"`), label: classes === undefined ? 2.25 : 3 % classes.length });
      });
    }
  }

  it('are found by columns that are where the published files have them', () => {
    write({ 'train.tsv': 'gj04\t1\t\tOur friends won\'t buy this analysis.\ngj04\t0\t*\tThey drank the pub.\n', 'dev.tsv': 'gj04\t1\t\tIt rolled out of the room.\n' });
    assert.deepEqual(readGlue('cola', folder).train, [{ sentences: ['Our friends won\'t buy this analysis.'], label: 1 }, { sentences: ['They drank the pub.'], label: 0 }]);
    write({ 'train.tsv': '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t702876\t702977\tAmrozi accused "the witness"\tReferring to "the witness"\r\n', 'dev.tsv': 'Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t1\t2\ta\tb\n' });
    assert.deepEqual(readGlue('mrpc', folder).train, [{ sentences: ['Amrozi accused "the witness"', 'Referring to "the witness"'], label: 1 }], 'a byte order mark and Windows\' line ends');
    const head = 'index\tpromptID\tpairID\tgenre\ts1_binary_parse\ts2_binary_parse\ts1_parse\ts2_parse\tsentence1\tsentence2\tlabel1';
    write({ 'train.tsv': `${head}\tgold_label\n0\t1\t1n\tfiction\t( a )\t( b )\t(A)\t(B)\tIt rains.\tIt is wet.\tneutral\tentailment\n`, 'dev_matched.tsv': `${head}\tlabel2\tlabel3\tlabel4\tlabel5\tgold_label\n0\t1\t1n\tfiction\t( a )\t( b )\t(A)\t(B)\tIt rains.\tIt is dry.\tneutral\tneutral\tneutral\tneutral\tneutral\tcontradiction\n` });
    assert.deepEqual([readGlue('mnli', folder).train[0], readGlue('mnli', folder).validation[0]], [{ sentences: ['It rains.', 'It is wet.'], label: 0 }, { sentences: ['It rains.', 'It is dry.'], label: 2 }]);
  });

  it('may lack one sentence of a pair', () => {
    const files = glueFiles('qqp');
    write({ ...files, 'train.tsv': 'id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t2\t3\tWhy?\t\t0\n' });
    assert.deepEqual(readGlue('qqp', folder).train, [{ sentences: ['Why?', ''], label: 0 }]);
  });

  const head = 'sentence\tlabel\n';
  const wrong: readonly (readonly [what: string, text: string | Uint8Array, message: RegExp])[] = [
    ['a line that is cut short', `${head}good\t1\nba`, /train\.tsv:3: the line has 1 field, but must have 2: sentence, label\. The file is cut short/],
    ['a line with a field too many', `${head}so\tso\t1\ngood\t1\n`, /train\.tsv:2: the line has 3 fields, but must have 2.*Correct it/],
    ['an empty line', `${head}good\t1\n\nbad\t0\n`, /train\.tsv:3: the line is empty/],
    ['an unknown label', `${head}good\t1\nbad\t2\n`, /train\.tsv:3: the field label is "2", but must be one of 0, 1\. Correct/],
    ['no label', `${head}good\t\n`, /train\.tsv:2: the field label is "", but must be/],
    ['an empty sentence', `${head} \t1\n`, /train\.tsv:2: sentence is empty/],
    ['no example', head, /train\.tsv:2: the file holds no example/],
    ['an empty file', '', /train\.tsv:1: the first line names the columns not at all, but must name sentence, label/],
    ['another task\'s columns', 'index\tsentence\n0\tgood\n', /train\.tsv:1: the first line names the columns index, sentence, but must name sentence, label/],
    ['another encoding', Buffer.concat([Buffer.from(`${head}caf`), Buffer.from([0xe9]), Buffer.from('\t1\n')]), /train\.tsv:2: .*UTF-8/],
  ];
  for (const [what, text, message] of wrong) {
    it(`with ${what} are refused with file and line`, () => {
      write({ ...glueFiles('sst-2'), 'train.tsv': text });
      assert.throws(() => readGlue('sst-2', folder), (error: unknown) => error instanceof InputError && message.test(error.message) && error.message.startsWith(folder));
    });
  }

  it('with marks beyond 0 to 5 are refused', () => {
    for (const mark of ['5.1', '-1', 'high', '']) {
      const files = glueFiles('sts-b');
      write({ ...files, 'dev.tsv': files['dev.tsv']!.replace(/\t0\n/, `\t${mark}\n`) });
      assert.throws(() => readGlue('sts-b', folder), new RegExp(`dev\\.tsv:2: the field score is "${mark}", but must be a mark from 0 to 5`));
    }
  });
});
