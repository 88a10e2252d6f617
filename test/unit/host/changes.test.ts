import assert from 'node:assert/strict';
import { forecastOfUndo, lastUndoable, rejection, requestChange, requestUndo } from '../../../src/host/changes';
import { initialState, type RunState } from '../../../src/protocol/runState';
import { addToStretch, newStretch } from '../../../src/protocol/stretches';
import { defaults } from '../../../src/settings/knobs';
import { deviceStateBytes } from '../../../src/settings/formulas/device';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { InputError } from '../../../src/settings/problem';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { sample, started } from './recorded';

const dimension = 235_146;
const space = parameterSpace([{ name: 'w', shape: [dimension] }]);

function running(): RunState {
  return { ...initialState(defaults), status: 'running', started: started(0, dimension) };
}

function applied(revision: number, undoes?: number): RunState['changes'][number] {
  const about = { from: { density: 0.01 }, to: { density: 0.001 * revision }, stateBytesBefore: 0, stateBytesAfter: 0 };
  return { type: 'applied', sequence: revision, time: 0, step: revision, revision, ...about, ...(undoes === undefined ? {} : { undoes }) };
}

describe('host: changes to a run', () => {
  it('predicts the bytes of each change on top of those that are pending', () => {
    const state = running();
    let settings = defaults;
    for (const change of [{ density: 0.0025 }, { window: 64 }, { momentum: 0.9 }, { momentum: 0 }, { learningRate: 0.1 }]) {
      const total = (of: typeof defaults) => totalBytes(stateBytes(of, space));
      const expected = total({ ...settings, ...change }) - total(settings);
      const pending = requestChange(state, change);
      assert.equal(pending.predictedDeltaBytes, expected, JSON.stringify(change));
      state.pending.push(pending);
      settings = { ...settings, ...change };
    }
    assert.deepEqual(state.pending.map(change => change.revision), [1, 2, 3, 4, 5]);
  });

  it('predicts for a state on the device what it holds there and beside it, and refuses what it lacks', () => {
    const settings = { ...defaults, placement: 'device' } as const;
    const state = { ...running(), settings };
    const [before, after] = [settings, { ...settings, window: 64 }].map(of => deviceStateBytes(of, space, 'wasm')).map(({ device, host }) => totalBytes(device) + totalBytes(host));
    assert.equal(requestChange(state, { window: 64 }).predictedDeltaBytes, after! - before!);
    assert.throws(() => requestChange(state, { valuePrecision: 'bfloat16' }), /valuePrecision is "bfloat16"/);
  });

  const refusals = [
    { it: 'a value out of range', change: { density: 7 }, says: ['density is 7', '0.0001 to 1'] },
    { it: 'an unknown setting', change: { densty: 0.1 }, says: ['"densty"', '"density"'] },
    { it: 'a setting of the whole run', change: { batchSize: 3 }, says: ['batchSize', 'new run'] },
    { it: 'a setting that the optimizer does not read', change: { beta1: 0.5 }, says: ['beta1', 'sparse-mfac'] },
  ];
  for (const { it: what, change, says } of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => requestChange(running(), change), (error: unknown) => error instanceof InputError && says.every(part => error.message.includes(part)));
    });
  }

  it('expects of an undo what was measured of the change, taken back, of the step that it led to', () => {
    const forecast = { peakBytes: -300, storedBytes: -200, stepMs: 5, stepMsBefore: 20 };
    const change = { ...applied(1), forecast };
    assert.deepEqual(forecastOfUndo({ ...running(), changes: [change] }, 1), { peakBytes: 300, storedBytes: 200, stepMs: -5, stepMsBefore: 25 });
    const stretch = (stepMs: number) => [1, 2, 3].reduce((all, step) => {
      addToStretch(all, { ...sample(step, step, 100), stepMs });
      return all;
    }, newStretch());
    const measured = forecastOfUndo({ ...running(), changes: [change], stretches: [stretch(20), stretch(26)] }, 1);
    assert.deepEqual([measured?.peakBytes, measured?.stepMs, measured?.stepMsBefore], [0, -6, 26]);
    assert.equal(forecastOfUndo({ ...running(), changes: [applied(1), applied(2)] }, 1), undefined, 'another change lies between');
    assert.equal(forecastOfUndo({ ...running(), changes: [applied(1)] }, 1), undefined, 'nobody knows');
  });

  it('refuses before the run trains and after it is over', () => {
    assert.throws(() => requestChange(initialState(defaults), { density: 0.1 }), /still starting/);
    assert.throws(() => requestChange({ ...running(), status: 'completed' }, { density: 0.1 }), /is over/);
  });

  it('undoes by asking for what the change replaced', () => {
    const state = { ...running(), changes: [applied(1)] };
    assert.deepEqual(requestUndo(state, 1).settings, { density: 0.01 });
    assert.throws(() => requestUndo(state, 2), /revision 2/);
  });

  it('undoes newest first, and nothing twice', () => {
    const state = { ...running(), changes: [applied(1), applied(2)] };
    assert.equal(lastUndoable(state)?.revision, 2);
    state.changes.push(applied(3, 2));
    assert.equal(lastUndoable(state)?.revision, 1);
    state.changes.push(applied(4, 1));
    assert.equal(lastUndoable(state), undefined);
  });

  it('gives a refusal a revision of its own', () => {
    const state = { ...running(), changes: [applied(4)] };
    state.rejected = rejection(state, 'no', 9);
    assert.equal(state.rejected.revision, 5);
    assert.equal(requestChange(state, { density: 0.1 }).revision, 6);
  });
});
