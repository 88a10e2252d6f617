/** Step snapshots made up for tests. */
import { eventKinds, type SnapshotAbout, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import { categories, phases } from '../../src/protocol/samples';

export const someAbout: SnapshotAbout = { model: 'mlp', backend: 'wasm', step: 12, examples: 64, settings: { window: 32, module: null }, takenAt: '2026-11-26T08:00:00.000Z', reason: 'asked', run: 'a-run' };

/** As a step is: buffers are born and most die soon, one after another; `events` in all, half of them births. */
export function manyEvents(events: number): StepSnapshot {
  const count = events / 2;
  const layers = 50;
  const texts = ['', ...Array.from({ length: layers }, (_, at) => `layer${at}`), '64x32x32x16', '64x16x16x32', '64x10', 'Conv2D', 'Add', 'Multiply', '/models/my-model.mjs:12'];
  const place = (at: number, numbers: readonly number[]) => numbers[at % numbers.length] ?? 0;
  const kind = new Uint8Array(events);
  const buffer = new Uint32Array(events);
  for (let at = 0; at < events; at++) {
    kind[at] = eventKinds.indexOf(at % 2 === 0 ? 'born' : 'died');
    // One in four dies a while later, in its turn.
    buffer[at] = at % 2 === 0 ? at / 2 : Math.max(0, (at - 1) / 2 - (at % 8 === 1 ? Math.min(24, (at - 1) / 2) : 0));
  }
  return {
    about: someAbout, texts,
    buffers: {
      bytes: Float64Array.from({ length: count }, (_, at) => place(at, [4 * 64 * 32 * 32 * 16, 4 * 64 * 16 * 16 * 32, 2560])), type: new Uint8Array(count),
      shape: Uint32Array.from({ length: count }, (_, at) => layers + 1 + at % 3), layer: Uint32Array.from({ length: count }, (_, at) => 1 + Math.floor(at / (count / layers))),
      operation: Uint32Array.from({ length: count }, (_, at) => layers + 4 + at % 3), source: new Uint32Array(count),
    },
    events: {
      kind, buffer, category: Uint8Array.from({ length: events }, (_, at) => categories.indexOf(at % 10 < 7 ? 'workspace' : 'activations')),
      phase: Uint8Array.from({ length: events }, (_, at) => Math.min(phases.length - 2, Math.floor(3 * at / events))), time: Float64Array.from({ length: events }, (_, at) => at * 4 / 1000),
    },
  };
}

