import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lockFile, takeLock } from '../../../src/runtime/lock';

describe('runtime: the lock of a home', () => {
  let home: string;
  beforeEach(() => { home = mkdtempSync(path.join(os.tmpdir(), 'efcp-lock-')); });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (holder: object | string) => writeFileSync(path.join(home, lockFile), typeof holder === 'string' ? holder : JSON.stringify(holder));
  const isMine = () => (JSON.parse(readFileSync(path.join(home, lockFile), 'utf8')) as { pid: number }).pid === process.pid;

  it('is held once, and free again afterwards', () => {
    const release = takeLock(home);
    assert.throws(() => takeLock(home), { name: 'RuntimeRefusal', code: 'busy', message: new RegExp(`Process ${process.pid} is installing or removing a runtime\\. Wait`) });
    release();
    assert.deepEqual(readdirSync(home), []);
    takeLock(home)();
  });

  it('of a process that has ended is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise(resolve => child.once('exit', resolve));
    write({ pid: child.pid, host: os.hostname() });
    const release = takeLock(home);
    assert.ok(isMine());
    release();
    assert.deepEqual(readdirSync(home), []);
  });

  it('of a process that began at another time is taken over: its number was given away again', function () {
    if (process.platform !== 'linux') this.skip();
    write({ pid: process.pid, host: os.hostname(), began: '1' });
    takeLock(home)();
  });

  it('that cannot be read is taken over', () => {
    write('');
    takeLock(home)();
  });

  it('of another machine is respected', () => {
    write({ pid: 1, host: 'elsewhere' });
    assert.throws(() => takeLock(home), /Process 1 on elsewhere .*if it is gone, remove/);
  });

  it('is not released by who no longer holds it', () => {
    const release = takeLock(home);
    write({ pid: 1, host: 'elsewhere' });
    release();
    assert.deepEqual(readdirSync(home), [lockFile]);
  });
});
