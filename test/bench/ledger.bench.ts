import type { Settings } from '../../src/settings/knobs';
import { batchOf, stretches } from '../../src/data/batches';
import { assemble } from '../../src/trainer/assemble';
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
