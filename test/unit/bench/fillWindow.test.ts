import assert from 'node:assert/strict';
import { fillWindow } from '../../../src/bench/optimizers/fillWindow';
import { gradientSource } from '../../../src/bench/optimizers/gradients';
import { piecesOf } from '../../../src/bench/optimizers/parts';
import { plainFor } from '../../../src/bench/optimizers/plain/plainFor';
import { problemShapes } from '../../../src/bench/optimizers/shapes';
import { isSparse, windowStateIn } from '../../../src/bench/optimizers/windowedState';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { readRow } from '../../../src/kernels/rowStorage';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { denseWindow, type DenseRows } from '../../../src/optimizers/preconditioners/denseWindow';
import { lowRankWindow, type LowRankRows } from '../../../src/optimizers/preconditioners/lowRankWindow';
import type { Settings } from '../../../src/settings/knobs';
import { assertClose } from '../../support/assertClose';
import { dot, norm } from '../kernels/randomVector';
import { settingsOf } from '../optimizers/variants';

const dimension = 40_000;
const window = 40;
const breathe = () => Promise.resolve();

async function filled(variant: Partial<Settings>) {
  const settings = settingsOf({ window, blockSize: 16_384, ...variant });
  const shapes = problemShapes(dimension);
  const optimizer = createOptimizer(settings, shapes);
  const parameters = shapes.map(({ name, shape }) => ({ name, shape, values: new Float32Array(shape.reduce((product, side) => product * side)) }));
  const steps = await fillWindow(optimizer, parameters, settings, typedArrays, gradientSource(dimension), breathe);
  return { settings, optimizer, parameters, steps, held: windowStateIn(optimizer.state) };
}

function rowsOf(settings: Settings, rows: unknown): Float32Array[] {
  return Array.from({ length: window }, (_, slot) => {
    const vector = new Float32Array(dimension);
    if (isSparse(rows)) readRow(rows, slot, vector);
    else if (settings.optimizer.startsWith('low-rank')) lowRankWindow(() => settings).read(rows as LowRankRows, slot, vector);
    else denseWindow.read(rows as DenseRows, slot, vector);
    return vector;
  });
}

describe('a window filled for the bench', () => {
  for (const [name, variant] of Object.entries({
    'dense-mfac': { optimizer: 'dense-mfac' }, 'ggt': { optimizer: 'ggt' }, 'low-rank-mfac': { optimizer: 'low-rank-mfac', rank: 3 },
    'sparse-mfac': { optimizer: 'sparse-mfac' }, 'sparse-mfac in bfloat16': { optimizer: 'sparse-mfac', valuePrecision: 'bfloat16' }, 'sparse-ggt': { optimizer: 'sparse-ggt', density: 0.05 },
  } satisfies Record<string, Partial<Settings>>)) {
    it(`${name}: full, its gram that of its rows, no two of which are alike`, async () => {
      const { settings, steps, held } = await filled(variant);
      assert.deepEqual([steps, held!.filled, held!.size], [window, window, window]);
      const rows = rowsOf(settings, held!.rows);
      for (let row = 0; row < window; row++) {
        for (let other = 0; other <= row; other++) {
          const product = dot(rows[row]!, rows[other]!);
          const scale = norm(rows[row]!) * norm(rows[other]!);
          assert.ok(Math.abs(held!.gram[row * window + other]! - product) <= 1e-5 * scale, `gram[${row}, ${other}]`);
          assert.equal(held!.gram[row * window + other], held!.gram[other * window + row]);
          if (other < row) assert.ok(Math.abs(product) < 0.9 * scale, `rows ${row} and ${other} are not parallel`);
        }
      }
    });
  }

  it('sparse rows share about as much of their support as in training', async () => {
    const { settings, held } = await filled({ optimizer: 'sparse-mfac' });
    const rows = rowsOf(settings, held!.rows);
    let [shared, kept] = [0, 0];
    for (let row = 1; row < window; row++) {
      for (let at = 0; at < dimension; at++) {
        if (rows[row]![at] === 0) continue;
        kept++;
        if (rows[row - 1]![at] !== 0) shared++;
      }
    }
    assert.ok(shared / kept > 0.03 && shared / kept < 0.09, `${shared / kept}`);
  });

  it('short windows, and what has no gram, are filled by real steps', async () => {
    const micro = await filled({ optimizer: 'micro-adam', window: 4 });
    assert.equal(micro.steps, 4);
    assert.ok(micro.parameters[0]!.values.some(value => value !== 0));
    assert.equal((await filled({ optimizer: 'adamw' })).steps, 0);
  });

  it('the plain version goes on from it with the same update', async () => {
    for (const variant of [{ optimizer: 'sparse-mfac' }, { optimizer: 'sparse-mfac', valuePrecision: 'bfloat16', errorFeedback: false }, { optimizer: 'dense-mfac' }] as const) {
      const { settings, optimizer, parameters, held } = await filled({ ...variant, window: 20 });
      const plain = plainFor(settings, dimension, held)!;
      const [gradient, theirs] = [new Float32Array(dimension), new Float32Array(dimension)];
      gradientSource(dimension).write(50, gradient);
      plain.step(gradient, theirs);
      optimizer.update(gradient, parameters, 21);
      // What bfloat16 rounds of the newest row is all that differs.
      assertClose(theirs, parameters.flatMap(({ values }) => [...values]), 'valuePrecision' in variant ? 0.01 : 1e-4, variant.optimizer);
    }
  });

  it('the pieces of a step are those that an optimizer has, and leave its window alone', async () => {
    for (const [variant, expected] of [
      [{ optimizer: 'sparse-mfac' }, ['topK', 'dots', 'solve', 'combine']], [{ optimizer: 'ggt' }, ['dots', 'solve', 'combine']], [{ optimizer: 'low-rank-ggt', rank: 2 }, ['dots', 'solve', 'combine']],
      [{ optimizer: 'micro-adam', window: 3 }, ['topK']], [{ optimizer: 'adamw' }, []],
    ] as const) {
      const { settings, optimizer, held } = await filled(variant);
      gradientSource(dimension).write(1, optimizer.gradient);
      const before = structuredClone(held?.gram);
      const pieces = piecesOf(settings, typedArrays, optimizer.state, optimizer.gradient);
      assert.deepEqual(Object.keys(pieces), expected);
      for (const piece of Object.values(pieces)) piece();
      assert.deepEqual(held?.gram, before);
      if (expected.length > 1) assert.ok(optimizer.gradient.some(value => value !== 0) && optimizer.gradient.every(Number.isFinite), 'the combination of the rows');
    }
  });
});
