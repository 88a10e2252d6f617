import assert from 'node:assert/strict';
import type { PassOption } from '../../../src/planning/passes';
import type { StateOption } from '../../../src/planning/stateCosts';
import { timedPasses, timedStates } from '../../../src/planning/times';
import { defaults } from '../../../src/settings/knobs';
import type { StepTimes } from '../../../src/trainer/probe/stepProbes';

const option = { change: {}, risk: 'same', halvings: 0, bytes: 0 } as const;
const pass = (activationPrecision: 'float32' | 'float16', slices: number, ms: number): PassOption => ({ ...option, slices, lendings: 2, way: { segments: [], activationPrecision }, plainMs: 10, ms, isTimed: false });
const state = (window: number, lendMs: number, collectMs: number, updateMs: number): StateOption => ({ ...option, settings: { ...defaults, window }, workspace: { lasting: 0, update: 0 }, lendMs, collectMs, updateMs, isTimed: false });
const measured = { lendMs: 1, collectMs: 2, updateMs: 4 };
const times: StepTimes = {
  plain: { fixedMs: 3, msAnExample: 0.5 }, share: ({ activationPrecision }) => activationPrecision === 'float32' ? 1.5 : undefined, store: ({ window }) => window === 1 ? measured : undefined,
};

describe('times in a plan', () => {
  it('are those that were measured: a share of passes in so many slices', () => {
    const [one, four] = timedPasses([pass('float32', 1, 11), pass('float32', 4, 11)], times, 20);
    assert.deepEqual([one!.ms, one!.isTimed, four!.ms], [1.5 * (3 + 10), true, 1.5 * (12 + 10)]);
    assert.deepEqual(timedStates([state(1, 9, 9, 9)], { ...defaults, window: 1 }, times, 7).map(({ lendMs, collectMs, updateMs, isTimed }) => [lendMs, collectMs, updateMs, isTimed]), [[1, 2, 4, true]]);
  });

  it('keep the ratio of nominal times to what was measured, where they were not, and are marked', () => {
    const [half] = timedPasses([pass('float16', 1, 12)], times, 20);
    assert.deepEqual([half!.ms, half!.isTimed], [1.2 * 13, false]);
    const other = timedStates([state(1, 5, 1, 1), state(2, 2, 4, 8)], { ...defaults, window: 1 }, times, 7)[1]!;
    assert.deepEqual([other.lendMs, other.collectMs, other.updateMs, other.isTimed], [6, 12, 24, false]);
    const [alone] = timedStates([state(2, 2, 4, 8)], { ...defaults, window: 2 }, times, 7);
    assert.equal(alone!.updateMs, 56, 'where not even the given way was measured, as much as passes');
  });
});
