import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noBytes } from '../../../../src/protocol/samples';
import { instantAt } from '../../../../src/protocol/snapshot/instant';
import { livesOf } from '../../../../src/protocol/snapshot/lives';
import { peakOf } from '../../../../src/protocol/snapshot/peak';
import { phaseStretches } from '../../../../src/protocol/snapshot/phaseStretches';
import { categories } from '../../../../src/protocol/samples';
import { naiveBytes, naiveInstants, naivePeak } from '../../../support/naiveSnapshot';
import { randomSnapshots } from '../../../support/randomSnapshot';
import { SnapshotBuilder } from '../../../support/snapshotBuilder';

describe('snapshot: the peak', () => {
  it('is counted by hand: what was workspace counts as what it became', () => {
    const step = new SnapshotBuilder();
    step.there(1000, 'parameters');
    const output = step.born(400, 'workspace');
    const scratch = step.born(50, 'workspace');
    step.moved(output, 'activations').died(scratch);
    step.phase = 'backward';
    const gradient = step.born(30, 'gradients');
    step.died(output, gradient);
    const peak = peakOf(step.build());
    assert.deepEqual([peak.event, peak.phase, peak.total, peak.time], [2, 'forward', 1450, 0.01]);
    assert.deepEqual(peak.bytes, { ...noBytes(), parameters: 1000, activations: 400, workspace: 50 });
    assert.deepEqual([...peak.alive], [0, 1, 2]);
  });

  it('counts what was claimed before as what it was then, and what dies unclaimed as workspace', () => {
    const step = new SnapshotBuilder();
    const first = step.born(10, 'activations');
    step.moved(first, 'gradients');
    step.born(7, 'workspace');
    const lives = livesOf(step.build());
    assert.deepEqual(instantAt(lives, 0).bytes, { ...noBytes(), activations: 10 });
    assert.deepEqual(instantAt(lives, 2).bytes, { ...noBytes(), gradients: 10, workspace: 7 });
  });

  it('is no instant at which only a part of what was there is counted', () => {
    const step = new SnapshotBuilder();
    step.there(10, 'parameters');
    step.there(0, 'data');
    step.died(0);
    const { event, alive } = peakOf(step.build());
    assert.deepEqual([event, [...alive]], [1, [0, 1]]);
  });

  it('of nothing is nothing', () => {
    const { event, total, alive } = peakOf(new SnapshotBuilder().build());
    assert.deepEqual([event, total, alive.length], [-1, 0, 0]);
  });

  it('is what walking through every instant finds, as is every other instant', () => {
    fc.assert(fc.property(randomSnapshots(120), snapshot => {
      assert.equal(peakOf(snapshot).event, naivePeak(snapshot));
      const lives = livesOf(snapshot);
      naiveInstants(snapshot).forEach((live, event) => {
        if (event < lives.first) return;
        const instant = instantAt(lives, event);
        assert.deepEqual(instant.bytes, naiveBytes(snapshot, live));
        assert.deepEqual([...instant.alive], [...live.keys()].sort((a, b) => a - b));
        for (const [buffer, category] of live) assert.equal(categories[instant.category[buffer]!], category);
      });
    }), { numRuns: 60 });
  });

  it('stands in one of the stretches of phases, which cover the step without gap', () => {
    fc.assert(fc.property(randomSnapshots(60), snapshot => {
      const lives = livesOf(snapshot);
      const stretches = phaseStretches(lives);
      assert.equal(stretches[0]!.from, lives.first);
      assert.equal(stretches.at(-1)!.to, lives.last + 1);
      stretches.forEach(({ phase, from, to }, at) => {
        assert.ok(from < to);
        if (at > 0) assert.equal(from, stretches[at - 1]!.to);
        if (at > 0) assert.notEqual(phase, stretches[at - 1]!.phase);
      });
      const peak = peakOf(snapshot, lives);
      assert.equal(stretches.find(({ from, to }) => from <= peak.event && peak.event < to)!.phase, peak.phase);
    }));
  });
});
