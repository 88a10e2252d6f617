import assert from 'node:assert/strict';
import { LossScale, savedLossScale } from '../../../src/trainer/lossScale';

describe('trainer: loss scale', () => {
  const settings = { lossScale: 65_536, lossScaleGrowthInterval: 2000 };

  it('doubles after 2,000 good steps in a row and halves at every overflow, which starts the count anew', () => {
    const scaling = new LossScale(settings);
    assert.equal(scaling.scale, 65_536);
    for (let step = 0; step < 1999; step++) scaling.note(false);
    assert.equal(scaling.scale, 65_536);
    scaling.note(false);
    assert.equal(scaling.scale, 131_072);
    for (let step = 0; step < 1999; step++) scaling.note(false);
    scaling.note(true);
    assert.deepEqual([scaling.scale, scaling.skipped], [65_536, 1]);
    for (let step = 0; step < 1999; step++) scaling.note(false);
    assert.equal(scaling.scale, 65_536, 'the count began anew');
    scaling.note(false);
    assert.equal(scaling.scale, 131_072);
  });

  it('stays within 1 and what float32 can hold twice', () => {
    const scaling = new LossScale({ lossScale: 1000, lossScaleGrowthInterval: 1 });
    for (let step = 0; step < 30; step++) scaling.note(true);
    assert.deepEqual([scaling.scale, scaling.skipped], [1, 30]);
    for (let step = 0; step < 300; step++) scaling.note(false);
    assert.equal(scaling.scale, 2 ** 126);
  });

  it('goes on from what was saved', () => {
    const [whole, first, second] = [0, 1, 2].map(() => new LossScale({ lossScale: 8, lossScaleGrowthInterval: 3 }));
    const fate = (step: number) => step % 7 === 4;
    for (let step = 0; step < 40; step++) whole!.note(fate(step));
    for (let step = 0; step < 20; step++) first!.note(fate(step));
    second!.restore(savedLossScale.parse(JSON.parse(JSON.stringify(first!.save()))));
    for (let step = 20; step < 40; step++) second!.note(fate(step));
    assert.deepEqual(second!.save(), whole!.save());
    assert.ok(whole!.skipped > 3);
  });
});
