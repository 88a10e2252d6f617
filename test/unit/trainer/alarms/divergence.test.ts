import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Divergence } from '../../../../src/trainer/alarms/divergence';

/** The first step at which it is told, counted from 1. */
function toldAt(losses: readonly number[]): number | undefined {
  const divergence = new Divergence();
  const at = losses.findIndex(loss => divergence.note(loss) !== undefined);
  return at < 0 ? undefined : at + 1;
}

const noise = (index: number) => Math.sin(index * 12.9898) * Math.cos(index * 78.233);
const falling = (steps: number, from = 2.3, to = 0.3, pace = 60) => Array.from({ length: steps }, (_, index) => to + (from - to) * Math.exp(-index / pace) + 0.1 * noise(index));

describe('alarms: divergence', () => {
  it('is told of a loss that falls and then rises far above where it began, within a window of its rise', () => {
    const losses = [...falling(200), ...Array.from({ length: 40 }, (_, index) => 0.4 * 1.2 ** index)];
    const at = toldAt(losses)!;
    assert.ok(at > 200 && at <= 200 + 25, `at ${at}`);
  });

  it('is told of a loss that has hardly fallen and then stays far above where it began, without doubling twice', () => {
    const losses = [...Array.from({ length: 60 }, (_, index) => 0.69 - 0.001 * index + 0.1 * noise(index)), ...Array.from({ length: 60 }, (_, index) => 1.7 + 0.8 * noise(index))];
    const at = toldAt(losses)!;
    assert.ok(at > 60 && at <= 60 + 21, `at ${at}`);
  });

  it('is told of a loss that never falls and grows', () => {
    assert.ok(toldAt(Array.from({ length: 120 }, (_, index) => 2.3 * 1.05 ** index))! < 80);
  });

  const quiet: Record<string, readonly number[]> = {
    'falls': falling(500),
    'is a warm-up: flat, then falls': [...Array.from({ length: 100 }, (_, index) => 2.31 + 0.05 * noise(index)), ...falling(300)],
    'jumps at a rewiring and comes back in ten steps': falling(300).map((loss, index) => (index > 0 && index % 100 < 10 ? loss + 1.5 : loss)),
    'has single outliers of a thousand': falling(300).map((loss, index) => (index % 17 === 5 ? 1000 : loss)),
    'is next to nothing, and noisy': Array.from({ length: 400 }, (_, index) => (index < 50 ? 2.3 - 0.045 * index : 0.001 + 0.3 * Math.abs(noise(index)))),
    'rises slowly by half, as by overfitting': [...falling(200), ...Array.from({ length: 300 }, (_, index) => 0.3 + 0.001 * index + 0.1 * noise(index))],
    'is negative and falls': Array.from({ length: 300 }, (_, index) => -100 - 3 * index + 20 * noise(index)),
    'lies about zero': Array.from({ length: 300 }, (_, index) => noise(index)),
    'is of batches of one example': Array.from({ length: 400 }, (_, index) => 0.7 * Math.exp(noise(index) * 1.5)),
  };
  for (const [what, losses] of Object.entries(quiet)) it(`is not told of a loss that ${what}`, () => { assert.equal(toldAt(losses), undefined); });

  it('goes on from what was saved as if it had never stopped', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 120 }), fc.nat(120), (losses, cut) => {
      const [whole, first, second] = [new Divergence(), new Divergence(), new Divergence()];
      const at = Math.min(cut, losses.length);
      const expected = losses.map(loss => whole.note(loss));
      const before = losses.slice(0, at).map(loss => first.note(loss));
      second.restore(JSON.parse(JSON.stringify(first.save())) as ReturnType<Divergence['save']>);
      assert.deepEqual([...before, ...losses.slice(at).map(loss => second.note(loss))], expected);
      assert.equal(second.isDoubtful, whole.isDoubtful);
    }));
  });

  it('is doubtful as soon as a few losses are beyond the limit, and not for one', () => {
    const divergence = new Divergence();
    for (const loss of falling(100)) divergence.note(loss);
    divergence.note(50);
    assert.equal(divergence.isDoubtful, false);
    divergence.note(50);
    divergence.note(50);
    assert.equal(divergence.isDoubtful, true);
    divergence.forget();
    assert.equal(divergence.isDoubtful, false);
  });
});
