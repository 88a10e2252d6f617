/** A number that is not finite is traced to its layer on every backend, by the kernels that made it. */
import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../src/backends/loadBackend';
import type { BackendName } from '../../src/backends/backend';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { alarmedRun } from '../support/alarmedRun';
import { testedBackends, testedPlace } from '../support/backendSuite';
import { ofType } from '../support/collectRun';
import { sabotage, type Sabotage } from '../support/sabotage';
import { scratchFolder } from '../unit/host/scratch';

for (const name of testedBackends()) {
  describe(`backends: alarms on ${name}`, function () {
    this.timeout(300_000);
    const folder = scratchFolder();
    const base: Settings = { ...defaultsFor('sgd'), backend: name as Settings['backend'], batchSize: 16, validationFraction: 0.005, epochs: 1, learningRate: 0.05, checkpointEvery: 0, seed: 4 };
    const alarmOf = async (settings: Settings, options: Partial<Parameters<typeof alarmedRun>[0]> = {}) => {
      await loadBackend(base.backend as BackendName, testedPlace());
      const before = memory().numTensors;
      const events = await alarmedRun({ directory: folder(), settings, place: testedPlace(), ...options });
      assert.ok(memory().numTensors <= before + 1, 'the search leaves no tensor');
      const [alarm, ...more] = ofType(events, 'alarm');
      const [finished] = ofType(events, 'finished');
      assert.ok(alarm !== undefined && more.length === 0, `${ofType(events, 'alarm').length} alarms; ${finished?.message ?? ''}`);
      assert.equal(finished?.reason, 'failed');
      return alarm;
    };

    const techniques: Readonly<Record<string, Partial<Settings>>> = { 'plain': {}, 'with the state on the device': { placement: 'device' }, 'recomputed, stored in bfloat16': { recompute: 'block', activationPrecision: 'bfloat16', microbatch: 8 } };
    for (const [what, variant] of Object.entries(techniques)) {
      for (const [where, factor] of [['forward', Number.NaN], ['backward', Infinity]] as const) {
        it(`name the layer that fails, ${what}, ${where} on ${name}`, async () => {
          let broken: Sabotage | undefined;
          const alarm = await alarmOf({ ...base, ...variant }, {
            prepare: run => { broken = sabotage(run, 'dense2', where, factor); },
            observe: event => { if (event.type === 'sample' && event.step === 2) broken!.isArmed = true; },
          });
          assert.deepEqual([alarm.kind, alarm.step, alarm.layer, alarm.where], ['nonFinite', 2, 'dense2', where === 'forward' ? 'output' : 'gradient']);
        });
      }
    }

    it(`name the layer that a far too large step breaks on ${name}`, async () => {
      const { kind, step, layer, where } = await alarmOf({ ...base, learningRate: 1000, weightDecay: 1000 });
      assert.deepEqual([kind, where], ['nonFinite', 'output']);
      assert.ok(step > 1 && step < 40, `${step}`);
      assert.ok(['dense1', 'dense2', 'logits'].includes(layer ?? ''), layer);
    });
  });
}
