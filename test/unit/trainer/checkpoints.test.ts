import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import { loadBackend } from '../../../src/backends/loadBackend';
import { checkpointsFolder, listCheckpoints } from '../../../src/protocol/checkpointFiles';
import type { Settings } from '../../../src/settings/knobs';
import { assemble } from '../../../src/trainer/assemble';
import { CheckpointStore, readCheckpoint } from '../../../src/trainer/checkpointStore';
import { Saver } from '../../../src/trainer/saver';
import { assets } from '../../support/assets';
import { ofType, smallRun } from '../../support/collectRun';
import { resumeIn, saverOf, trainIn } from '../../support/lastingRun';
import { scratchFolder } from '../host/scratch';

/** 18 steps an epoch. */
const settings: Settings = { ...smallRun, batchSize: 512, epochs: 3, checkpointEvery: 1 };
const progress = { changes: 0, tally: { lossSum: 0, lossCount: 0 } };
const stepsIn = (directory: string) => listCheckpoints(directory).map(({ step }) => step);

describe('trainer: when checkpoints are written', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  const savedAt = async (given: Partial<Settings>, ...observe: Parameters<typeof trainIn> extends [unknown, unknown, ...infer Rest] ? Rest : never) =>
    ofType(await trainIn(folder(), { ...settings, ...given }, ...observe), 'saved').map(({ step }) => step);

  it('is every epoch, and the newest two stay', async () => {
    assert.deepEqual(await savedAt({}), [18, 36, 54]);
    assert.deepEqual(stepsIn(folder()), [54, 36]);
  });

  it('is as often as asked for, and so many stay', async () => {
    assert.deepEqual(await savedAt({ checkpointEvery: 0.5, checkpointsKept: 4 }), [9, 18, 27, 36, 45, 54]);
    assert.deepEqual(stepsIn(folder()), [54, 45, 36, 27]);
  });

  it('is, where nobody says how often, no oftener than keeps waiting for it within 2 % of the time', async () => {
    const asked = { ...settings, checkpointEvery: null };
    const run = await assemble(asked, { assets });
    let clock = 0;
    const store = new CheckpointStore(folder(), 2);
    const slow = { write: (step: number, pieces: readonly Uint8Array[]) => { clock += 1000; return store.write(step, pieces); } };
    const saver = new Saver(slow, run, undefined, () => clock);
    assert.equal(saver.isDue(18, asked), false, 'a run that has just begun');
    clock = 2000;
    assert.equal(saver.isDue(17, asked), false, 'within an epoch');
    assert.equal(saver.isDue(18, asked), true);
    await saver.save(18, asked, progress);
    const saved = clock;
    clock = saved + 48_900;
    assert.equal(saver.isDue(36, asked), false);
    assert.equal(saver.isDue(36, settings), true, 'asked for');
    clock = saved + 49_100;
    assert.equal(saver.isDue(36, asked), true);
    run.stepper.dispose();
    run.ledger.stop();
  });

  it('is at the end alone where none are asked for', async () => {
    assert.deepEqual(await savedAt({ checkpointEvery: 0 }), [54]);
  });

  it('is when the run pauses, and once more when it stops only if something has changed', async () => {
    for (const [change, expected] of [[false, [4]], [true, [4, 4]]] as const) {
      assert.deepEqual(await savedAt({ checkpointEvery: 0 }, (event, mailbox) => {
        if (event.type === 'sample' && event.step === 4) mailbox.post({ type: 'pause' });
        if (event.type !== 'saved') return;
        if (change) mailbox.post({ type: 'change', revision: 1, settings: { density: 0.1 } });
        mailbox.post({ type: 'stop' });
      }), expected);
      const { state } = await readCheckpoint(listCheckpoints(folder())[0]!);
      assert.equal(state.settings.density, change ? 0.1 : settings.density);
    }
  });

  it('is over before anybody hears that the run has paused', async () => {
    const there: number[][] = [];
    await trainIn(folder(), settings, (event, mailbox) => {
      if (event.type === 'sample' && event.step === 4) mailbox.post({ type: 'pause' });
      if (event.type !== 'paused') return;
      there.push(stepsIn(folder()));
      mailbox.post({ type: 'stop' });
    });
    assert.deepEqual(there, [[4]]);
  });

  it('is never after a run has diverged', async () => {
    const events = await trainIn(folder(), { ...settings, epochs: 200, batchSize: 8192, validationFraction: 0.5, optimizer: 'sgd', learningRate: 100, weightDecay: 1 });
    const [finished] = ofType(events, 'finished');
    assert.equal(finished?.reason, 'failed');
    const kept = listCheckpoints(folder());
    assert.ok(kept.length > 0);
    for (const file of kept) {
      const { parameters } = await readCheckpoint(file);
      assert.ok(parameters.every(({ values }) => values.every(Number.isFinite)), file.name);
    }
  });

  it('is not where the parameters are no numbers, which is told', async () => {
    const run = await assemble(settings, { assets });
    const saver = saverOf(folder(), settings, run);
    assert.equal((await saver.save(1, settings, progress))?.type, 'saved');
    const { weights } = run.placement;
    assert.ok(weights instanceof DenseWeights);
    weights.replaceParameter(1, weights.parameters[1]!.dataSync<'float32'>().slice().fill(Infinity));
    const event = await saver.save(2, settings, progress);
    assert.ok(event?.type === 'notSaved');
    assert.match(event.message, /dense1\/bias are not all finite.*lower the learning rate/);
    assert.deepEqual(stepsIn(folder()), [1]);
    run.stepper.dispose();
    run.ledger.stop();
  });

  it('is not where the state lies in tensors of the backend, which is told', async () => {
    const onDevice = { ...settings, placement: 'device' } as const;
    const run = await assemble(onDevice, { assets });
    const saver = saverOf(folder(), onDevice, run);
    assert.equal(saver.isDue(run.stepsPerEpoch, { ...onDevice, checkpointEvery: 1 }), false);
    const event = await saver.save(1, onDevice, progress);
    assert.ok(event?.type === 'notSaved');
    assert.match(event.message, /placement is "device".*Set placement to "host"/);
    assert.deepEqual(stepsIn(folder()), []);
    run.stepper.dispose();
    run.ledger.stop();
  });

  it('is told where it cannot be, and the run goes on', async () => {
    writeFileSync(checkpointsFolder(folder()), 'a file where the folder should be');
    const events = await trainIn(folder(), { ...settings, epochs: 1 });
    assert.deepEqual(ofType(events, 'notSaved').map(({ step }) => step), [18]);
    assert.match(ofType(events, 'notSaved')[0]!.message, /EEXIST|ENOTDIR/);
    assert.equal(ofType(events, 'finished')[0]?.reason, 'completed');
  });
});

describe('trainer: what writing a checkpoint costs', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  for (const reach of ['in place', 'by copies'] as const) {
    it(`no tensor, and no byte that the ledger does not count, ${reach}`, async () => {
      const run = await assemble(settings, { assets });
      const { memory: direct, ...copying } = run.backend;
      assert.ok(direct !== undefined);
      if (reach === 'by copies') Object.assign(run.placement, { backend: copying });
      const [live, tensors] = [run.ledger.live(), memory().numTensors];
      const saving = run.placement.saving!;
      const lend = saving.lend.bind(saving);
      let during = 0;
      saving.lend = use => lend(parameters => {
        during = run.ledger.live().workspace;
        return use(parameters);
      });
      const event = await saverOf(folder(), settings, run).save(1, settings, progress);
      assert.equal(event?.type, 'saved');
      assert.equal(during, reach === 'by copies' ? 4 * run.parameterCount : 0);
      assert.deepEqual(run.ledger.live(), live);
      assert.equal(memory().numTensors, tensors);
      run.stepper.dispose();
      run.ledger.stop();
    });
  }
});

describe('trainer: a checkpoint that cannot be used', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => trainIn(folder(), settings, (event, mailbox) => {
    if (event.type === 'sample' && event.step === 40) mailbox.post({ type: 'stop' });
  }));
  const damage = (index: number, change: (bytes: Buffer) => Uint8Array) => {
    const file = listCheckpoints(folder())[index]!.path;
    writeFileSync(file, change(readFileSync(file)));
  };
  const flipped = (bytes: Buffer) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8);

  const damages: readonly [string, (bytes: Buffer) => Uint8Array, RegExp][] = [
    ['torn', bytes => bytes.subarray(0, bytes.length / 2), /safetensors file is damaged/],
    ['empty', () => new Uint8Array(), /no whole safetensors file: it has 0 bytes/],
    ['of another bit', flipped, /checksum is \w+, but what the file holds has \w+.*Use another copy/],
  ];
  for (const [what, change, reason] of damages) {
    it(`is passed over, and said so, for the one before: ${what}`, async () => {
      damage(0, change);
      const [restored, ...rest] = await resumeIn(folder(), settings);
      assert.ok(restored?.type === 'restored');
      assert.deepEqual([restored.step, restored.refused.map(({ checkpoint }) => checkpoint)], [36, ['step-00000040.safetensors']]);
      assert.match(restored.refused[0]!.message, reason);
      assert.deepEqual(stepsIn(folder()), [54, 36]);
      assert.ok(existsSync(path.join(checkpointsFolder(folder()), 'step-00000040.safetensors.refused')));
      assert.equal(rest.at(-1)?.type, 'finished');
    });
  }

  it('is refused with every reason where there is no other', async () => {
    damage(0, flipped);
    damage(1, bytes => bytes.subarray(0, 100));
    await assert.rejects(resumeIn(folder(), settings), /No checkpoint of the run can be used\. step-00000040\.safetensors: .*checksum.* step-00000036\.safetensors: .*Start the run again/s);
    assert.deepEqual(stepsIn(folder()), [40, 36], 'nothing is put aside');
  });

  it('is refused where it is another run\'s, with both values', async () => {
    await assert.rejects(resumeIn(folder(), { ...settings, seed: 9 }), /seed is 1 in it, but 9 in run\.json/);
  });

  it('is refused under a name of another step', async () => {
    damage(0, () => readFileSync(listCheckpoints(folder())[1]!.path));
    const [restored] = await resumeIn(folder(), settings);
    assert.ok(restored?.type === 'restored');
    assert.match(restored.refused[0]!.message, /it is of step 36, but its name says 40/);
  });

  it('is not what a killed process left unfinished; the next one clears that away', async () => {
    const unfinished = path.join(checkpointsFolder(folder()), 'step-00000041.safetensors.tmp');
    writeFileSync(unfinished, readFileSync(listCheckpoints(folder())[0]!.path).subarray(0, 1000));
    const [restored] = await resumeIn(folder(), settings);
    assert.ok(restored?.type === 'restored');
    assert.deepEqual([restored.step, restored.refused], [40, []]);
    assert.equal(readdirSync(checkpointsFolder(folder())).some(name => name.endsWith('.tmp')), false);
  });
});
