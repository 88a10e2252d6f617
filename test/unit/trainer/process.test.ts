import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { createRunDirectory, readEvents, writeRecord } from '../../../src/protocol/runDirectory';
import type { AppliedEvent, RunEvent } from '../../../src/protocol/runEvents';
import { decodeSnapshot } from '../../../src/protocol/snapshot/decodeSnapshot';
import { peakOf } from '../../../src/protocol/snapshot/peak';
import { snapshotsFolder } from '../../../src/protocol/snapshotFiles';
import { wire, type ControlMessage } from '../../../src/protocol/trainer';
import { assets } from '../../support/assets';
import { smallRun } from '../../support/collectRun';

describe('trainer: the process', () => {
  let directory: string;
  let socket: string;
  let child: ChildProcess;
  let ended: Promise<number | null>;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'efcp-trainer-'));
    socket = process.platform === 'win32' ? `\\\\.\\pipe\\efcp-test-${process.pid}` : path.join(directory, 's');
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });

  function start(settings: object = {}): void {
    createRunDirectory(directory);
    writeRecord(directory, {
      version: 1, id: 'test', name: 'test', createdAt: new Date().toISOString(), source: { kind: 'preset', name: 'digits-mlp' },
      settings: { ...smallRun, epochs: 200, ...settings }, studio: 'test', control: { socket, token: 'right' },
    });
    child = spawn(process.execPath, [path.join(assets, 'trainer.js'), directory], { stdio: 'ignore' });
    ended = new Promise(resolve => { child.on('close', resolve); });
  }

  /** Connects as an editor does, and collects what arrives. */
  async function attach(token = 'right'): Promise<{ connection: MessageConnection; events: RunEvent[]; closed: Promise<void> }> {
    while (!existsSync(socket)) await pause(10);
    const stream = createConnection(socket);
    await new Promise(resolve => { stream.once('connect', resolve); });
    const closed = new Promise<void>(resolve => { stream.once('close', () => { resolve(); }); });
    const connection = createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream));
    const events: RunEvent[] = [];
    connection.onNotification(wire.event, (event: RunEvent) => { events.push(event); });
    connection.listen();
    await connection.sendNotification(wire.hello, { type: 'hello', token });
    return { connection, events, closed };
  }
  const send = (connection: MessageConnection, message: ControlMessage) => connection.sendNotification(wire.control, message);
  async function arrives(events: readonly RunEvent[], type: RunEvent['type']): Promise<RunEvent> {
    for (;;) {
      const found = events.find(event => event.type === type);
      if (found !== undefined) return found;
      await pause(5);
    }
  }

  it('streams what it writes, obeys, and leaves neither process nor socket', async () => {
    start();
    const { connection, events } = await attach();
    await arrives(events, 'sample');
    if (process.platform !== 'win32') assert.equal(statSync(socket).mode & 0o077, 0, 'only the owner may connect');
    await send(connection, { type: 'change', revision: 1, settings: { density: 0.0025 } });
    const applied = await arrives(events, 'applied');
    assert.ok(applied.type === 'applied' && applied.stateBytesAfter < applied.stateBytesBefore);
    await send(connection, { type: 'stop' });
    const finished = await arrives(events, 'finished');
    assert.ok(finished.type === 'finished' && finished.reason === 'stopped');
    assert.equal(await ended, 0);
    assert.equal(existsSync(socket), false);
    const recorded = readEvents(directory).events;
    assert.deepEqual(recorded.slice(-events.length), events, 'the wire and the file say the same');
  });

  it('records a step that is asked for through the socket, also while an alarm has it wait', async () => {
    start({ memoryBudget: 1, snapshotAtPeak: false });
    const { connection, events } = await attach();
    await arrives(events, 'paused');
    const alarm = await arrives(events, 'alarm');
    assert.ok(alarm.type === 'alarm' && alarm.action === 'paused' && alarm.step === 1);
    await send(connection, { type: 'capture' });
    await send(connection, { type: 'resume' });
    const taken = await arrives(events, 'snapshot');
    assert.ok(taken.type === 'snapshot' && taken.step === 2 && taken.reason === 'asked');
    const snapshot = decodeSnapshot(readFileSync(path.join(snapshotsFolder(directory), taken.file)));
    assert.equal(peakOf(snapshot).total, taken.peakBytes);
    await send(connection, { type: 'stop' });
    assert.equal(await ended, 0);
    assert.ok(readEvents(directory).events.some(({ type }) => type === 'snapshot'));
  });

  it('answers within a step, however long its steps are', async function () {
    // Where this process has to wait for the machine, a step may be over of which it has not heard; not each time.
    this.retries(3);
    start({ batchSize: 4096 });
    const { connection, events } = await attach();
    await arrives(events, 'sample');
    for (let revision = 1; revision <= 4; revision++) {
      const before = events.findLast(event => event.type === 'sample');
      assert.ok(before?.type === 'sample');
      await send(connection, { type: 'change', revision, settings: { learningRate: revision / 100 } });
      let applied: AppliedEvent | undefined;
      while (applied === undefined) {
        await pause(2);
        applied = events.find((event): event is AppliedEvent => event.type === 'applied' && event.revision === revision);
      }
      assert.ok(applied.step <= before.step + 1, `asked after step ${before.step}, applied after step ${applied.step}`);
      await pause(150);
    }
    await send(connection, { type: 'stop' });
    assert.equal(await ended, 0);
  });

  it('lets a second editor attach after the first has gone, and tells it what follows without a gap', async () => {
    start();
    const first = await attach();
    await arrives(first.events, 'sample');
    first.connection.end();
    await first.closed;
    const second = await attach();
    await arrives(second.events, 'sample');
    const from = second.events[0]!.sequence;
    const known = readEvents(directory).events.filter(({ sequence }) => sequence < from);
    assert.deepEqual(known.map(({ sequence }) => sequence), Array.from({ length: from }, (_, index) => index));
    await send(second.connection, { type: 'stop' });
    assert.equal(await ended, 0);
  });

  it('does not talk to who does not know the token, nor obey them', async () => {
    start();
    const stranger = await attach('wrong');
    await stranger.closed;
    assert.deepEqual(stranger.events, []);
    const { connection, events } = await attach();
    await arrives(events, 'sample');
    await send(connection, { type: 'stop' });
    assert.equal(await ended, 0);
  });

  it('stops gracefully at SIGTERM', async () => {
    start();
    await arrives((await attach()).events, 'sample');
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    const last = readEvents(directory).events.at(-1);
    assert.ok(last?.type === 'finished' && last.reason === 'stopped');
  });

  it('ends with code 1 and a last event when the run fails', async () => {
    start({ backend: 'tensorflow' });
    assert.equal(await ended, 1);
    const last = readEvents(directory).events.at(-1);
    assert.ok(last?.type === 'finished' && last.reason === 'failed');
    assert.match(last.message ?? '', /is installed in/);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, ms); });
}
