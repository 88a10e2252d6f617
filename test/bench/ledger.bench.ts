import type { Settings } from '../../src/settings/knobs';
import { batchOf, stretches } from '../../src/data/batches';
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import { assemble } from '../../src/trainer/assemble';
import { recordStep } from '../../src/trainer/recordStep';
import { assets } from '../support/assets';
import { report } from '../support/benchReport';
import { smallRun } from '../support/collectRun';
import { quantile } from '../../src/bench/statistics';

/** Milliseconds of single training steps, with the ledger's hooks on the engine or without them. */
async function stepTimes(model: Settings['model'], hooked: boolean, steps: number): Promise<number[]> {
  const { ledger, stepper, dataset, split } = await assemble({ ...smallRun, model, window: 32 }, { assets });
  if (!hooked) ledger.stop();
  const times: number[] = [];
  let step = 0;
  for (const examples of stretches(split.train, smallRun.batchSize)) {
    if (step === steps) break;
    const begun = performance.now();
    await stepper.run(batchOf(dataset, examples), ++step);
    if (hooked) ledger.takePeak();
    times.push(performance.now() - begun);
  }
  stepper.dispose();
  ledger.stop();
  return times.slice(2);
}

describe('bench: the ledger', () => {
  for (const [model, steps, rounds] of [['mlp', 40, 16], ['convnet', 14, 10]] as const) {
    it(`costs little of a step of ${model}`, async function () {
      this.timeout(300_000);
      const [hooked, bare]: [number[], number[]] = [[], []];
      // In turns, so that whatever else the machine does falls on both; the order changes to be fair to both.
      for (let round = 0; round < rounds; round++) {
        for (const on of round % 2 === 0 ? [true, false] : [false, true]) (on ? hooked : bare).push(...await stepTimes(model, on, steps));
      }
      // The lower quartile: a disturbed step says nothing about either.
      const [withLedger, without] = [quantile(hooked, 0.25), quantile(bare, 0.25)];
      report(`ledger overhead, ${model} (${without.toPrecision(3)} ms a step without)`, 100 * (withLedger / without - 1), '%', { atMost: 3 });
    });
  }
});

/** Milliseconds of steps, every other one recorded, in pairs; what begins and ends the recording counts. And what is done with it afterwards. */
async function pairedTimes(settings: Settings, pairs: number): Promise<{ plain: number[]; recorded: number[]; afterwards: number[]; events: number; bytes: number }> {
  const run = await assemble(settings, { assets });
  const found = { plain: [] as number[], recorded: [] as number[], afterwards: [] as number[], events: 0, bytes: 0 };
  let step = 0;
  const warmUp = 2;
  for (const batch of run.batches.epoch(0)) {
    if (++step > warmUp + 2 * pairs) break;
    // The order within a pair changes from pair to pair, to be fair to both.
    const records = (step + ((step + 1) >> 1)) % 2 === 1;
    const begun = performance.now();
    const recording = records ? recordStep(run) : undefined;
    await run.stepper.run(batch, step);
    const make = recording?.end();
    const ended = performance.now();
    run.ledger.takePeak();
    if (step <= warmUp) continue;
    (records ? found.recorded : found.plain).push(ended - begun);
    if (make === undefined) continue;
    const snapshot = make({ step, examples: batch.examples, settings, reason: 'asked' });
    const bytes = encodeSnapshot(snapshot);
    found.afterwards.push(performance.now() - ended);
    Object.assign(found, { events: snapshot.events.kind.length, bytes: bytes.length });
  }
  run.stepper.dispose();
  run.ledger.stop();
  run.dataset.close();
  return found;
}

describe('bench: a recorded step', () => {
  const thrifty = { recompute: 'block', microbatch: 16, activationPrecision: 'float16' } as const;
  for (const [name, changed, pairs] of [
    ['mlp', { model: 'mlp' }, 40], ['mlp, batch of 8', { model: 'mlp', batchSize: 8 }, 100], ['convnet', { model: 'convnet' }, 25], ['wrn-10-1', { model: 'wrn-10-1', batchSize: 32 }, 14],
    ['wrn-10-1, low memory', { model: 'wrn-10-1', batchSize: 32, ...thrifty }, 14],
  ] as const) {
    it(`takes little longer than others: ${name}`, async function () {
      this.timeout(300_000);
      const { plain, recorded, afterwards, events, bytes } = await pairedTimes({ ...smallRun, optimizer: 'sgd', ...changed }, pairs);
      // Neighbours in turns, and lower quartiles, as above.
      const [withRecorder, without] = [quantile(recorded, 0.25), quantile(plain, 0.25)];
      report(`overhead of recording, ${name} (${without.toPrecision(3)} ms a step, ${events} events, ${(bytes / events).toPrecision(3)} bytes an event)`, 100 * (withRecorder / without - 1), '%', { atMost: 15 });
      report(`afterwards, ${name}`, quantile(afterwards, 0.5), 'ms');
    });
  }
});
