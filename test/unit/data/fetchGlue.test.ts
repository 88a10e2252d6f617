import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogNames, described, downloadBytes, fetchableNames } from '../../../src/data/catalog';
import { editionsOf, type GlueData } from '../../../src/data/catalogEntry';
import type { DataRefusal } from '../../../src/data/fetch/dataRefusal';
import { dataReport } from '../../../src/data/fetch/dataReport';
import { fetchData } from '../../../src/data/fetch/fetchData';
import type { FetchEvent } from '../../../src/data/fetch/fetchMessages';
import { removeData } from '../../../src/data/fetch/removeData';
import { verifyFiles } from '../../../src/data/fetch/verifyData';
import { glueCatalog } from '../../../src/data/glueCatalog';
import { glueTasks, type GlueName } from '../../../src/data/text/classification/glueTasks';
import { editionOf, glueFiles } from '../../support/glueFiles';
import { startFileServer, type FileServer } from '../../support/fileServer';
import { zip } from '../../support/zip';

describe('data: fetching GLUE', () => {
  let home: string;
  let server: FileServer;
  const events: FetchEvent[] = [];
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'efcp-data-'));
    server = await startFileServer();
    events.length = 0;
  });
  afterEach(async () => {
    await server.close();
    rmSync(home, { recursive: true });
  });

  /** As in the catalogue, but for a zip in miniature, which is served. */
  function served(name: GlueName, body: Buffer): GlueData {
    const { published: [real] } = described(name);
    server.files.set(real!.file, { body, mark: '"a"' });
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}` as const;
    return { ...glueCatalog[name], mirrors: [server.address], editions: [editionOf(glueTasks[name].editions[0], [5, 2])], published: [{ file: real!.file, bytes: body.length, digest }] };
  }
  const inside = (folder: string, files: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));
  const get = (name: GlueName, data?: GlueData) => fetchData({
    name, home, ...(data === undefined ? {} : { data }), signal: new AbortController().signal, patience: { fruitless: 2, pauseMs: 1, silentMs: 2000 }, report: event => { events.push(event); },
  });

  it('takes the two files with labels out of the zip, says the licence, and finds them the next time', async () => {
    for (const name of ['sst-2', 'mnli', 'qqp'] as const) {
      const { folder } = glueCatalog[name];
      const files = glueFiles(name);
      const data = served(name, zip({ [`${folder}/original/`]: '', [`${folder}/original/train.tsv`]: 'the source of it', ...inside(folder, files), [`${folder}/test.tsv`]: 'index\tsentence\n' }));
      const result = await get(name, data);
      const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      assert.deepEqual(result, { folder: path.join(home, name, folder), bytes, alreadyThere: false });
      assert.deepEqual(readdirSync(path.join(home, name)), [folder], 'the zip is gone');
      assert.deepEqual(readdirSync(result.folder).toSorted(), Object.keys(files).toSorted());
      for (const [file, text] of Object.entries(files)) assert.equal(readFileSync(path.join(result.folder, file), 'utf8'), text);
      assert.deepEqual(await get(name, data), { ...result, alreadyThere: true });
    }
    assert.ok(events.some(event => event.type === 'started' && event.licence.includes('Rotten Tomatoes')));
  });

  const broken: readonly (readonly [what: string, zip: () => Buffer, message: RegExp])[] = [
    ['lacks a file', () => zip({ 'SST-2/train.tsv': 'x' }), /it does not hold dev\.tsv/],
    ['is cut short', () => zip(inside('SST-2', glueFiles('sst-2'))).subarray(0, 200), /cannot be unpacked/],
    ['is none', () => Buffer.from('<html>not found</html>'), /cannot be unpacked/],
    ['writes elsewhere', () => zip({ '../train.tsv': 'x', '../dev.tsv': 'y' }), /cannot be unpacked/],
  ];
  for (const [what, body, message] of broken) {
    it(`refuses a zip that ${what}, and leaves no half of a folder`, async () => {
      await assert.rejects(get('sst-2', served('sst-2', body())), (error: DataRefusal) => error.code === 'unpack' && message.test(error.message));
      assert.deepEqual(readdirSync(path.join(home, 'sst-2')), ['SST-2.zip']);
      assert.deepEqual(readdirSync(home), ['sst-2']);
    });
  }

  it('refuses a zip that is not the published one', async () => {
    const data = served('rte', zip(inside('RTE', glueFiles('rte'))));
    server.files.set('RTE.zip', { body: zip(inside('RTE', glueFiles('rte', undefined, [5, 3]))) });
    await assert.rejects(get('rte', { ...data }), { name: 'DataRefusal', code: 'checksum' });
    assert.deepEqual(readdirSync(path.join(home, 'rte')), []);
  });

  it('leaves what needs an agreement to the user, and says what to bring', async () => {
    await assert.rejects(get('mrpc'), (error: DataRefusal) => error.code === 'licence' && /Microsoft Research Data License.*Bring train\.tsv and dev\.tsv, or msr_paraphrase_train\.txt and msr_paraphrase_test\.txt, and put them into .*mrpc/.test(error.message));
    assert.deepEqual([existsSync(path.join(home, 'mrpc')), server.requests], [false, []]);
    assert.deepEqual(catalogNames.filter(name => !fetchableNames.includes(name)), ['mrpc']);
  });

  it('finds either edition of what was brought, in the folder or beside it', () => {
    const [glue, microsoft] = glueTasks.mrpc.editions;
    for (const [edition, folder] of [[glue, 'mrpc'], [microsoft, 'mrpc/MRPC']] as const) {
      mkdirSync(path.join(home, folder), { recursive: true });
      for (const [file, text] of Object.entries(glueFiles('mrpc', edition))) writeFileSync(path.join(home, folder, file), text);
      assert.deepEqual(dataReport(home).filter(({ name }) => name === 'mrpc').map(({ state, folder: found }) => [state, found]), [['here', path.join(home, folder)]]);
      removeData('mrpc', home);
    }
  });

  it('verifies columns and lines', async () => {
    const data = served('cola', zip(inside('CoLA', glueFiles('cola'))));
    const { folder } = await get('cola', data);
    const verdicts = async (of: GlueData) => (await verifyFiles(folder, of, editionsOf(of)[0])).map(({ problem }) => problem);
    assert.deepEqual(await verdicts(data), [undefined, undefined]);
    assert.deepEqual(await verdicts(glueCatalog.cola), ['has 5 lines of examples, but must have 8551', 'has 2 lines of examples, but must have 1043']);
    writeFileSync(path.join(folder, 'dev.tsv'), 'a\t1\n');
    assert.match((await verdicts(data))[1] ?? '', /is not as published \(.*dev\.tsv:1: the line has 2 fields, but must have 4/);
    rmSync(path.join(folder, 'dev.tsv'));
    assert.deepEqual(await verdicts(data), [undefined, 'is missing']);
  });

  it('knows every task with its zip, and what is published of it', () => {
    assert.deepEqual(Object.keys(glueCatalog), Object.keys(glueTasks));
    for (const name of Object.keys(glueCatalog) as GlueName[]) {
      const { published, mirrors, licence, title, editions } = described(name) as GlueData;
      assert.equal(published.length, name === 'mrpc' ? 0 : 1, name);
      assert.ok(published.every(({ file, bytes, digest }) => /\.zip$/.test(file) && bytes > 20_000 && /^sha256:[0-9a-f]{64}$/.test(digest ?? '')), name);
      assert.equal(mirrors.length > 0, downloadBytes(described(name)) > 0, name);
      assert.ok(licence.length > 20, name);
      const [{ train, validation }] = editions;
      assert.ok(title.startsWith(`${train.rows.toLocaleString('en')} and ${validation.rows.toLocaleString('en')} `), name);
    }
  });
});
