import assert from 'node:assert/strict';
import { leftAside, rosenbrock, rosenbrockPaths, rosenbrockStart } from '../../../src/bench/convergence/rosenbrock';

describe('Rosenbrock with Adam', () => {
  const [whole, cut, fed] = rosenbrockPaths(1000, 0.1);

  it('all three paths start at the same point, are of the same length and go down', () => {
    for (const path of [whole!, cut!, fed!]) {
      assert.deepEqual(path.points[0], rosenbrockStart);
      assert.equal(path.points.length, 1001);
      assert.equal(path.loss, rosenbrock(...path.points.at(-1)!));
      assert.ok(path.loss < 0.02, path.label);
    }
  });

  it('the first step of the cut gradient moves along one coordinate only, that of the whole one along both', () => {
    const moved = ({ points: [from, to] }: NonNullable<typeof whole>) => [to![0] !== from![0], to![1] !== from![1]];
    assert.deepEqual([whole!, cut!, fed!].map(moved), [[true, true], [false, true], [false, true]]);
  });

  it('error feedback finds back to the way of the whole gradient', () => {
    assert.ok(leftAside(whole!, fed!) < leftAside(whole!, cut!) / 3);
    assert.equal(leftAside(whole!, whole!), 0);
  });
});
