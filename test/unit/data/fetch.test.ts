import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { catalog } from '../../../src/data/catalog';
import type { CifarData, Digest, IdxData } from '../../../src/data/catalogEntry';
import { DataRefusal } from '../../../src/data/fetch/dataRefusal';
import { fetchData, type FetchRequest } from '../../../src/data/fetch/fetchData';
import type { FetchEvent } from '../../../src/data/fetch/fetchMessages';
import { removeData } from '../../../src/data/fetch/removeData';
import { takeLock } from '../../../src/runtime/lock';
import { startFileServer, type FileServer, type ServedFile } from '../../support/fileServer';

const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
/** Does not get smaller when it is packed. */
const noise = (length: number) => {
  let state = length;
  return Uint8Array.from({ length }, () => (state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b1) >>> 24);
};

describe('data: fetching', () => {
  let home: string;
  let server: FileServer;
  /** Where nobody listens. */
  let nowhere: string;
  const events: FetchEvent[] = [];
  beforeEach(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'efcp-data-'));
    const ended = await startFileServer();
    await ended.close();
    nowhere = ended.address;
    server = await startFileServer();
    events.length = 0;
  });
  afterEach(async () => {
    await server.close();
    rmSync(home, { recursive: true });
  });

  const names = catalog.mnist.published.map(({ file }) => file);
  const contents = names.map((file, place) => ({ file: file.replace('.gz', ''), bytes: 300_000 + place, content: noise(300_000 + place) }));
  const packed = contents.map(({ content }) => gzipSync(content));
  const idx = (mirrors = [server.address]): IdxData => ({
    ...catalog.mnist, mirrors, published: names.map((file, place) => ({ file, bytes: packed[place]!.length })), contents: contents.map(({ file, bytes, content }) => ({ file, bytes, digest: digestOf(content) })),
  });
  const serve = (changes: Partial<Record<number, Partial<ServedFile>>> = {}) => {
    names.forEach((name, place) => { server.files.set(name, { body: packed[place]!, mark: `"v1-${place}"`, ...changes[place] }); });
  };
  const get = (changes: Partial<FetchRequest> = {}) => fetchData({
    name: 'mnist', home, data: idx(), signal: new AbortController().signal, patience: { fruitless: 2, pauseMs: 1, silentMs: 2000 }, report: event => { events.push(event); }, ...changes,
  });
  const folder = () => path.join(home, 'mnist');
  const asked = (place: number) => server.requests.filter(({ file }) => file === names[place]).map(({ headers }) => [headers.range, headers['if-range']]);
  const whole = () => { names.forEach((name, place) => { assert.deepEqual(readFileSync(path.join(folder(), name)), packed[place], name); }); };

  it('brings every file, says the licence, and finds them whole the next time', async () => {
    serve();
    assert.deepEqual(await get(), { folder: folder(), bytes: 1_200_006, alreadyThere: false });
    whole();
    assert.deepEqual(readdirSync(folder()).toSorted(), names.toSorted(), 'nothing else is left');
    const [started] = events;
    assert.ok(started?.type === 'started' && started.licence.includes('ShareAlike'));
    assert.deepEqual(events.filter(event => event.type === 'file').map(({ file, done }) => [file, done]), names.map(name => [name, false]));
    assert.deepEqual(await get(), { folder: folder(), bytes: 1_200_006, alreadyThere: true });
    assert.equal(server.requests.length, 4);
  });

  it('goes on where a connection broke, as often as something comes', async () => {
    serve({ 0: { cuts: [100_000, 50_000, 120_000] } });
    await get();
    whole();
    assert.deepEqual(asked(0), [[undefined, undefined], ['bytes=100000-', '"v1-0"'], ['bytes=150000-', '"v1-0"'], ['bytes=270000-', '"v1-0"']]);
  });

  it('goes on in a later call, after it was cancelled', async () => {
    serve({ 1: { stallsAfter: 70_000 } });
    const stop = new AbortController();
    const cancelled = get({ signal: stop.signal, report: event => { if (event.type === 'progress' && event.file === names[1]) stop.abort(); } });
    await assert.rejects(cancelled, { name: 'AbortError' });
    const partial = path.join(folder(), `${names[1]!}.part`);
    const have = readFileSync(partial).length;
    assert.ok(have > 0 && have <= 70_000);
    assert.ok(!existsSync(path.join(folder(), names[1]!)));
    serve();
    await get();
    whole();
    assert.deepEqual(asked(1).at(-1), [`bytes=${have}-`, '"v1-1"']);
    assert.deepEqual(events.filter(event => event.type === 'file').map(({ done }) => done), [true, false, false, false]);
  });

  it('starts anew where a server knows no ranges, or its file has changed', async () => {
    for (const change of [{ ranges: false }, { mark: '"v2"' }]) {
      rmSync(folder(), { recursive: true, force: true });
      mkdirSync(folder());
      writeFileSync(path.join(folder(), `${names[0]!}.part`), new Uint8Array(1000));
      writeFileSync(path.join(folder(), `${names[0]!}.part.json`), JSON.stringify({ address: server.address + names[0]!, validator: '"v1-0"' }));
      server.requests.length = 0;
      serve({ 0: change });
      await get();
      whole();
      assert.deepEqual(asked(0), [['bytes=1000-', '"v1-0"']]);
    }
  });

  it('discards a part that turns out to be of another file', async () => {
    mkdirSync(folder());
    writeFileSync(path.join(folder(), `${names[0]!}.part`), new Uint8Array(1000));
    serve();
    await get();
    whole();
    assert.deepEqual(asked(0), [['bytes=1000-', undefined], [undefined, undefined]]);
  });

  it('takes the next mirror where one has not the file, has another, or is not there', async () => {
    const other = await startFileServer();
    try {
      serve();
      other.files.set(names[1]!, { body: gzipSync(noise(10)) });
      other.files.set(names[2]!, { body: packed[2]!, status: 503 });
      other.files.set(names[3]!, { body: packed[3]! });
      await get({ data: idx([nowhere, other.address, server.address]) });
      whole();
      const troubles = events.filter(event => event.type === 'trouble').map(({ message }) => message).join('\n');
      for (const expected of [/no connection/, /answers 404/, /what it sends holds 10 bytes, but must hold 300001/, /answers 503/]) assert.match(troubles, expected);
      assert.deepEqual(server.requests.map(({ file }) => file), names.slice(0, 3), 'the last came from the mirror before');
    } finally {
      await other.close();
    }
  });

  it('asks a mirror of the user first', async () => {
    serve();
    await get({ data: idx([nowhere]), mirrors: [server.address.slice(0, -1)] });
    whole();
    assert.ok(!events.some(event => event.type === 'trouble'));
  });

  it('says without a connection which file to put where, and takes it when it lies there', async () => {
    const refusal = await get({ data: idx([nowhere]) }).then(() => undefined, (error: unknown) => error as DataRefusal);
    assert.ok(refusal instanceof DataRefusal);
    assert.equal(refusal.code, 'network');
    assert.match(refusal.message, /train-images-idx3-ubyte\.gz cannot be fetched\. What has come is kept.*Without a connection, bring train-images-idx3-ubyte\.gz \(.*put them into .*no connection/s);
    assert.ok(refusal.message.includes(folder()));
    names.forEach((name, place) => { writeFileSync(path.join(folder(), name), packed[place]!); });
    assert.deepEqual((await get({ data: idx([]) })).alreadyThere, true);
  });

  it('keeps nothing of a file with a wrong checksum', async () => {
    const spoilt = Uint8Array.from(packed[2]!);
    spoilt[5000]! ^= 1;
    serve({ 2: { body: spoilt } });
    await assert.rejects(get(), (error: DataRefusal) => error.code === 'checksum' && /t10k-images.* cannot be fetched\. What was sent is not the published file, and was removed/.test(error.message));
    assert.deepEqual(readdirSync(folder()).toSorted(), names.slice(0, 2).toSorted());
  });

  it('gives up a server that falls silent', async () => {
    serve({ 0: { stallsAfter: 1000 } });
    await assert.rejects(get({ patience: { fruitless: 1, pauseMs: 1, silentMs: 100 } }), /no answer for 0\.1 s/);
  });

  it('works alone on a data set', async () => {
    mkdirSync(folder());
    const release = takeLock(folder());
    await assert.rejects(get(), (error: DataRefusal) => error.code === 'busy' && /fetching or removing this data set/.test(error.message));
    release();
  });

  it('is undone by removing, finished or not', async () => {
    serve({ 3: { status: 404 } });
    await assert.rejects(get());
    const bytes = removeData('mnist', home);
    assert.equal(bytes, packed.slice(0, 3).reduce((sum, { length }) => sum + length, 0));
    assert.ok(!existsSync(folder()));
    assert.throws(() => removeData('mnist', home), /There is no mnist in/);
  });

  describe('an archive', () => {
    let archive: Buffer;
    const files = [...catalog['cifar-10'].files.train, ...catalog['cifar-10'].files.validation];
    const bodies = files.map((_, place) => noise(2000 + 511 * place));
    before(() => {
      const scratch = mkdtempSync(path.join(tmpdir(), 'efcp-tar-'));
      const inside = path.join(scratch, 'cifar-10-batches-bin');
      mkdirSync(inside);
      files.forEach((file, place) => { writeFileSync(path.join(inside, file), bodies[place]!); });
      writeFileSync(path.join(inside, 'readme.html'), 'read me');
      execFileSync('tar', ['-czf', 'a.tar.gz', 'cifar-10-batches-bin'], { cwd: scratch });
      archive = readFileSync(path.join(scratch, 'a.tar.gz'));
      rmSync(scratch, { recursive: true });
    });
    const data = (): CifarData => ({
      ...catalog['cifar-10'], mirrors: [server.address], published: [{ file: 'cifar-10-binary.tar.gz', bytes: archive.length, digest: digestOf(archive) }],
      contents: files.map((file, place) => ({ file, bytes: bodies[place]!.length, digest: digestOf(bodies[place]!) })),
    });

    it('is unpacked, its files are checked, and it goes', async () => {
      server.files.set('cifar-10-binary.tar.gz', { body: archive, cuts: [500] });
      const result = await get({ name: 'cifar-10', data: data() });
      assert.deepEqual(readdirSync(path.join(home, 'cifar-10')), ['cifar-10-batches-bin']);
      files.forEach((file, place) => { assert.deepEqual(new Uint8Array(readFileSync(path.join(result.folder, file))), bodies[place]); });
      assert.equal((await get({ name: 'cifar-10', data: data() })).alreadyThere, true);
    });

    it('that holds other files than it should is refused', async () => {
      server.files.set('cifar-10-binary.tar.gz', { body: archive });
      const { contents: expected, ...rest } = data();
      await assert.rejects(get({ name: 'cifar-10', data: { ...rest, contents: [...expected, { file: 'more.bin', bytes: 1, digest: digestOf(noise(1)) }] } }), (error: DataRefusal) => error.code === 'unpack' && /does not hold more\.bin/.test(error.message));
      assert.deepEqual(readdirSync(path.join(home, 'cifar-10')), ['cifar-10-binary.tar.gz'], 'no half of a folder is left');
    });
  });
});
