import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from '../../../src/protocol/processes';
import { removable, removeRuntime } from '../../../src/runtime/removeRuntime';
import { readRuntimes } from '../../../src/runtime/runtimeRecord';
import { differences } from '../../../src/runtime/seal';
import { FakeMachine, packageName, realPython } from './fakeMachine';

describe('runtime: installation', () => {
  let fake: FakeMachine;
  before(function () {
    if (realPython === undefined || process.platform === 'win32') this.skip();
  });
  beforeEach(() => { fake = new FakeMachine(); });
  afterEach(() => fake.remove());

  const found = () => readRuntimes(fake.home).runtimes;
  const inPackage = (file: string) => path.join(fake.home, fake.plan.name, 'node_modules', packageName, file);

  it('builds, records what it built, and leaves nothing else', async () => {
    const { folder, record, alreadyThere } = await fake.install();
    assert.equal(alreadyThere, false);
    assert.deepEqual(found(), [{ folder, record }]);
    assert.deepEqual(readdirSync(fake.home), [fake.plan.name]);
    assert.deepEqual(record.natives.map(native => native.path.replace(`node_modules/${packageName}/`, '')), ['deps/include/c_api.h', 'deps/lib/also.so', 'deps/lib/libtensorflow_cc.so.2', 'deps/more', 'lib/napi-v8/tfjs_binding.node']);
    assert.equal(record.natives.find(native => native.path.endsWith('cc.so.2'))?.bytes, 32768);
    assert.equal(readlinkSync(inPackage('deps/lib/also.so')), 'libtensorflow_cc.so.2');
    assert.ok(!existsSync(inPackage('index.js.map')), 'source maps go');
    assert.equal(record.compiler, 'g++ (fake) 1.0');
    assert.deepEqual(await differences(folder, record), []);
  });

  it('tells every step in order, and the bytes of what it unpacks', async () => {
    await fake.install();
    const [started, ...rest] = fake.events;
    assert.equal(started?.type, 'started');
    assert.deepEqual(rest.flatMap(event => event.type === 'step' ? [event.step] : []), [1, 2, 3, 4, 5]);
    assert.ok(rest.every(event => event.type !== 'step' || event.steps === 5));
    const unpacked = rest.flatMap(event => event.type === 'progress' && event.doing === 'unpacking' ? [event] : []);
    assert.deepEqual({ bytes: unpacked.at(-1)?.bytes, totalBytes: unpacked.at(-1)?.totalBytes }, { bytes: 32780, totalBytes: 32780 });
  });

  it('is not found before it is whole', async () => {
    await fake.install({ report: () => { assert.deepEqual(found(), []); } });
    assert.equal(found().length, 1);
  });

  it('does nothing where a whole one is', async () => {
    await fake.install();
    const { alreadyThere } = await fake.install();
    assert.equal(alreadyThere, true);
    assert.deepEqual([fake.callsOf('npm ci'), fake.callsOf('pip download'), fake.callsOf('napi-v8')], [1, 1, 0]);
  });

  it('replaces a damaged one, and another build when forced; the old one is found until then', async () => {
    const { record } = await fake.install();
    appendFileSync(inPackage('deps/lib/libtensorflow_cc.so.2'), 'x');
    const second = await fake.install({ report: () => { assert.equal(found().length, 1); } });
    assert.deepEqual(await differences(second.folder, second.record), []);
    assert.equal((await fake.install({ force: true })).alreadyThere, false);
    assert.equal(fake.callsOf('npm ci'), 3);
    assert.deepEqual(found().map(({ record: { natives } }) => natives), [record.natives]);
    assert.deepEqual(readdirSync(fake.home), [fake.plan.name]);
  });

  it('notices every kind of change', async () => {
    const { folder, record } = await fake.install();
    writeFileSync(inPackage('index.js'), 'module.exports = 1');
    unlinkSync(inPackage('lib/napi-v8/tfjs_binding.node'));
    writeFileSync(inPackage('deps/lib/more.so'), '');
    assert.deepEqual((await differences(folder, record)).map(text => text.replace(/.*tfjs-node\//, '')), ['lib/napi-v8/tfjs_binding.node is missing', 'deps/lib/more.so is new', 'the files of npm\'s packages have changed']);
  });

  it('goes on after a failure where it stopped', async () => {
    fake.program('g++', 'test "$1" = --version && exit 0; exit 1');
    await assert.rejects(fake.install(), /could not compile/);
    assert.deepEqual(found(), []);
    fake.program('g++');
    await fake.install();
    assert.deepEqual([fake.callsOf('npm ci'), fake.callsOf('pip download')], [1, 1]);
    assert.deepEqual(fake.events.flatMap(event => event.type === 'step' ? [event.done] : []), [true, true, false, false, false]);
  });

  it('keeps a wheel that came whole, though what follows failed', async () => {
    const spoilt = fake.wheel('spoilt');
    await assert.rejects(fake.install({ plan: fake.planWith(spoilt) }), /RECORD/);
    await assert.rejects(fake.install({ plan: fake.planWith(spoilt) }), /RECORD/);
    assert.equal(fake.callsOf('pip download'), 1);
  });

  it('starts anew when the pins have changed', async () => {
    fake.program('g++', 'test "$1" = --version && exit 0; exit 1');
    await assert.rejects(fake.install(), /could not compile/);
    fake.program('g++');
    await fake.install({ plan: { ...fake.plan, packagesBytes: 1001 } });
    assert.equal(fake.callsOf('npm ci'), 2);
  });

  it('takes wheels from a folder, and leaves them there', async () => {
    await fake.install({ from: fake.index });
    assert.equal(fake.callsOf('pip download'), 0);
    assert.equal(readdirSync(fake.index).length, 1);
  });

  it('ends what it started when it is cancelled, and goes on the next time', async () => {
    const pidFile = path.join(fake.folder, 'pid');
    const waiting = `case "$*" in --version) echo Python 3.11.2; exit 0;; "-m pip --version") echo pip 24; exit 0;; esac\nsleep 600 & echo $! > '${pidFile}'; wait`;
    fake.program('python3', waiting);
    const controller = new AbortController();
    const looking = setInterval(() => { if (existsSync(pidFile)) controller.abort(); }, 20);
    await assert.rejects(fake.install({ signal: controller.signal }), { name: 'AbortError' });
    clearInterval(looking);
    assert.ok(!isAlive(Number(readFileSync(pidFile, 'utf8'))), 'what pip started has ended');
    assert.deepEqual(found(), []);
    assert.deepEqual(removable(fake.home), [`.staging-${fake.plan.name}`]);
    fake.program('python3');
    await fake.install();
    assert.equal(fake.callsOf('npm ci'), 1);
  });

  it('is removed whole, by name or with everything', async () => {
    assert.throws(() => removeRuntime(fake.home, undefined), /There is no runtime/);
    await fake.install();
    assert.throws(() => removeRuntime(fake.home, 'other'), /There is no runtime "other" .*There are: tensorflow-2\.21\.0-cpu/);
    assert.deepEqual(removeRuntime(fake.home, fake.plan.name), [fake.plan.name]);
    assert.deepEqual(readdirSync(fake.home), []);
    fake.program('test', 'exit 1');
    await assert.rejects(fake.install(), /does not load/);
    assert.deepEqual(removeRuntime(fake.home, undefined), [`.staging-${fake.plan.name}`]);
    assert.deepEqual(readdirSync(fake.home), []);
  });

  it('a folder without a record is no runtime, but can be removed', async () => {
    await fake.install();
    rmSync(path.join(fake.home, fake.plan.name, 'runtime.json'));
    assert.deepEqual(readRuntimes(fake.home), { runtimes: [], unreadable: [{ name: fake.plan.name, why: 'it has no runtime.json' }] });
    writeFileSync(path.join(fake.home, fake.plan.name, 'runtime.json'), '{"version":1}');
    assert.match(readRuntimes(fake.home).unreadable[0]!.why, /damaged/);
    assert.deepEqual(removeRuntime(fake.home, undefined), [fake.plan.name]);
  });
});
