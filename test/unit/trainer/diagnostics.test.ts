import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import type { DiagnosticName, DiagnosticsSample } from '../../../src/protocol/diagnostics';
import { diagnosticsSample } from '../../../src/protocol/runEvents';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { Diagnostics } from '../../../src/trainer/diagnostics';
import { normalVector } from '../kernels/randomVector';
import { gramOf, jacobiEigenvalues } from './jacobi';

const d = 60;

/** Steps of a watched optimizer on given gradients: the figures of each, and the updates and gradients that they are of. */
function watched(changed: Partial<Settings>, gradients: readonly Float32Array[]) {
  const settings: Settings = { ...defaultsFor(changed.optimizer ?? 'sparse-mfac'), window: 4, density: 0.2, damping: 0.01, blockSize: null, ...changed };
  const parameters = [{ name: 'a', shape: [6, 8], values: normalVector(48, 1) }, { name: 'b', shape: [12], values: normalVector(12, 2) }];
  const optimizer = createOptimizer(settings, parameters, { totalSteps: 100 });
  let hour = 0;
  const diagnostics = new Diagnostics(optimizer, () => hour * 3.6e6);
  return gradients.map((given, index) => {
    hour++;
    let updates = new Float32Array(d);
    optimizer.gradient.set(given);
    const sample = diagnostics.watch(settings)!(() => optimizer.gradient.slice(), observe => optimizer.update(optimizer.gradient, parameters, index + 1, u => {
      updates = u.slice();
      observe(u);
    }));
    return { sample, updates, gradient: given };
  });
}

const random = (count: number, scale = 1) => Array.from({ length: count }, (_, index) => normalVector(d, 50 + index, scale));
const dot = (a: Iterable<number>, b: ArrayLike<number>) => [...a].reduce((sum, value, at) => sum + value * b[at]!, 0);
const length = (a: ArrayLike<number> & Iterable<number>) => Math.sqrt(dot(a, a));

function assertFigure(sample: DiagnosticsSample, name: DiagnosticName, wanted: number, tolerance = 1e-6): void {
  const found = sample[name];
  assert.ok(found !== undefined && Math.abs(found - wanted) <= tolerance * Math.max(1e-300, Math.abs(wanted)), `${name} is ${found}, the oracle says ${wanted}`);
}

describe('trainer: diagnostics', () => {
  it('of S-MFAC are those of a plain float64 recursion, step by step', () => {
    const residual = new Float64Array(d);
    const rows: number[][] = [];
    const kept = Math.ceil(0.2 * d);
    for (const { sample, updates, gradient } of watched({}, random(9))) {
      const sum = Array.from(residual, (value, at) => Math.fround(value + gradient[at]!));
      const least = sum.map(Math.abs).sort((a, b) => b - a)[kept - 1]!;
      rows.push(sum.map(value => Math.abs(value) >= least ? value : 0));
      sum.forEach((value, at) => { residual[at] = value - rows.at(-1)![at]!; });
      const eigenvalues = jacobiEigenvalues(gramOf(rows.slice(-4)));
      const trace = eigenvalues.reduce((all, value) => all + value, 0);
      assertFigure(sample, 'gradientNorm', length(gradient));
      assertFigure(sample, 'residualNorm', length(residual));
      assertFigure(sample, 'residualRatio', length(residual) / length(gradient));
      assertFigure(sample, 'updateRatio', length(updates) / length(gradient));
      assertFigure(sample, 'updateCosine', dot(gradient, updates) / length(gradient) / length(updates));
      assertFigure(sample, 'updateSupport', new Set(rows.slice(-4).flatMap(row => row.flatMap((value, at) => value === 0 ? [] : [at]))).size / d);
      assertFigure(sample, 'gramCondition', (0.04 + eigenvalues.at(-1)!) / (0.04 + eigenvalues[0]!));
      assertFigure(sample, 'effectiveWindow', trace ** 2 / eigenvalues.reduce((all, value) => all + value ** 2, 0));
    }
  });

  it('of plain gradient descent are those of u = g, and of nothing else', () => {
    for (const { sample, gradient } of watched({ optimizer: 'sgd', momentum: 0, weightDecay: 0.1, learningRate: 3 }, random(3))) {
      const { gradientNorm, updateCosine, ...others } = sample;
      assert.ok(Math.abs(updateCosine! - 1) < 1e-12);
      assert.ok(Math.abs(gradientNorm! - length(gradient)) < 1e-9);
      assert.deepEqual(others, { measured: 1, updateSupport: 1, updateRatio: 1 });
    }
  });

  it('do not depend on the learning rate nor on weight decay', () => {
    const figures = (changed: Partial<Settings>) => watched(changed, random(4)).map(({ sample }) => sample);
    assert.deepEqual(figures({ learningRate: 1e-4, weightDecay: 0.5 }), figures({ learningRate: 10, weightDecay: 0 }));
  });

  it('say |e| = 0 where everything is kept', () => {
    for (const { sample } of watched({ density: 1 }, random(4))) assert.deepEqual([sample.residualNorm, sample.residualRatio, sample.updateSupport], [0, 0, 1]);
  });

  it('of a gradient of zeros leave out what would be 0/0', () => {
    const [first] = watched({}, [new Float32Array(d)]);
    assert.deepEqual(first!.sample, { measured: 1, gradientNorm: 0, updateSupport: 0, residualNorm: 0, gramCondition: 1 });
  });

  for (const optimizer of optimizers) {
    it(`${optimizer}: what there is, finite whatever the size of the gradient`, () => {
      const has = (name: DiagnosticName) => (sample: DiagnosticsSample) => sample[name] !== undefined;
      const gradients = [...random(3), ...random(2, 1e-30), ...random(2, 1e-45), new Float32Array(d), ...random(2, 1e30), ...random(2, 1e36), ...random(2)];
      for (const errorFeedback of [true, false]) {
        const samples = watched({ optimizer, errorFeedback }, gradients).map(({ sample }) => sample);
        for (const sample of samples) assert.deepEqual(diagnosticsSample.parse(JSON.parse(JSON.stringify(sample))), sample);
        const compressed = optimizer.startsWith('sparse-') || optimizer.startsWith('low-rank-') || optimizer === 'micro-adam';
        assert.equal(samples.every(has('residualNorm')), compressed && errorFeedback);
        assert.equal(samples.some(has('residualNorm')), compressed && errorFeedback);
        const windowed = optimizer.endsWith('mfac') || optimizer.endsWith('ggt');
        assert.equal(samples.every(has('gramCondition')), windowed);
        assert.equal(samples.some(has('effectiveWindow')), windowed);
        assert.ok(samples.every(has('updateSupport')));
        assert.ok(samples.every(({ updateSupport = -1 }) => updateSupport >= 0 && updateSupport <= 1));
      }
    });
  }

  it('take at most 2 % of all time, and are no oftener than samples, however long they take', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), fc.double({ min: 0.01, max: 300, noNaN: true }), (costMs, stepMs) => {
      let [time, spent, measured] = [0, 0, 0];
      const settings = { ...defaultsFor('sgd') };
      const parameters = [{ name: 'a', shape: [1], values: new Float32Array(1) }];
      const optimizer = createOptimizer(settings, parameters);
      const diagnostics = new Diagnostics(optimizer, () => time);
      for (let step = 1; step <= 400; step++) {
        time += stepMs;
        diagnostics.watch(settings)?.(() => {
          time += costMs;
          spent += costMs;
          measured++;
          return optimizer.gradient.slice();
        }, observe => observe(optimizer.gradient));
      }
      // The first is not waited for, and the last may still be waiting for its share of the time.
      assert.ok(spent - 2 * costMs <= 0.02 * time * 1.0001, `${spent} of ${time} ms`);
      assert.ok(measured <= 1 + time / 100);
      assert.ok(measured >= Math.floor(Math.min(400 * stepMs / (Math.max(100, 49 * costMs) + costMs + stepMs), 399)), `${measured}`);
    }));
  });
});
