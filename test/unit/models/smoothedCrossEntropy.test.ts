import assert from 'node:assert/strict';
import { cast, grad, logSoftmax, memory, mul, neg, oneHot, reshape, setBackend, sum, tensor, tidy, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { Ledger } from '../../../src/memory/ledger';
import { smoothedCrossEntropy } from '../../../src/models/smoothedCrossEntropy';
import { softmaxCrossEntropy } from '../../../src/models/softmaxCrossEntropy';
import { sumBytes } from '../../../src/protocol/samples';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';
import { numbers } from '../../support/compareOperation';

interface Shapes {
  readonly labels: readonly number[];
  readonly shape: readonly number[];
  readonly classes: number;
}

const made = ({ shape, classes }: Shapes, seed = 1) => tensor(Float32Array.from(numbers([...shape, classes], seed).values, value => 3 * value), [...shape, classes]);

/** As the definition has it: minus the sum over all classes of target times log p, the mean over what is no padding. */
function plain(logits: Tensor, labels: Tensor, smoothing: number): Tensor {
  const classes = logits.shape.at(-1)!;
  const rows = reshape(logits, [-1, classes]);
  const numbersOf = Array.from(labels.dataSync());
  const counted = numbersOf.map(label => Number(labels.rank === 1 || label !== 0));
  const target = mul(cast(oneHot(reshape<Rank.R1>(labels, [-1]), classes), 'float32'), 1 - smoothing).add(smoothing / classes);
  const losses = neg(sum(mul(target, logSoftmax(rows)), -1));
  return mul(sum(mul(losses, tensor(counted))), 1 / Math.max(1, counted.reduce((total, each) => total + each, 0)));
}

const cases: Readonly<Record<string, Shapes>> = {
  'sequences with padding': { shape: [3, 4], classes: 7, labels: [3, 1, 6, 2, 5, 2, 0, 0, 4, 0, 0, 0] },
  'one sequence': { shape: [1, 5], classes: 4, labels: [1, 2, 3, 0, 0] },
  'more rows than chunks': { shape: [5, 9], classes: 13, labels: Array.from({ length: 45 }, (_, index) => index % 9 > 6 ? 0 : 1 + index % 12) },
  'class numbers, of which 0 is one': { shape: [6], classes: 3, labels: [0, 1, 2, 0, 2, 1] },
  'padding alone': { shape: [1, 2], classes: 3, labels: [0, 0] },
};

for (const name of ['cpu', 'wasm'] as const) {
  describe(`models: smoothed cross-entropy on ${name}`, () => {
    before(async () => {
      await loadBackend(name, { assets });
      await setBackend(name);
    });

    for (const [what, shapes] of Object.entries(cases)) {
      for (const smoothing of [0, 0.1, 0.6]) {
        it(`${what}, smoothing ${smoothing}: loss, gradient and hits are those of the definition`, () => {
          const before = memory().numTensors;
          tidy(() => {
            const logits = made(shapes);
            const labels = tensor([...shapes.labels], [...shapes.shape], 'int32');
            const loss = smoothedCrossEntropy(smoothing);
            const forward = loss.forward(logits, labels);
            assertClose(forward.loss.dataSync(), plain(logits, labels, smoothing).dataSync(), 1e-5, 'loss');
            const expected = grad(x => plain(x, labels, smoothing))(logits).dataSync();
            const largest = logits.dataSync();
            const predicted = shapes.labels.map((_, row) => { const own = largest.slice(row * shapes.classes, (row + 1) * shapes.classes); return own.indexOf(Math.max(...own)); });
            const counted = shapes.labels.map(label => shapes.shape.length === 1 || label !== 0);
            assert.deepEqual([...forward.hits!.dataSync()], [shapes.labels.filter((label, row) => counted[row] && label === predicted[row]).length, counted.filter(Boolean).length]);
            const gradient = loss.backward(8, forward.extras, labels, undefined);
            assert.deepEqual(gradient.shape, [...shapes.shape, shapes.classes]);
            assertClose(gradient.dataSync(), expected.map(value => 8 * value), 1e-5, 'gradient');
          });
          assert.equal(memory().numTensors, before);
        });
      }
    }

    it('without smoothing it is the cross-entropy of class numbers', () => {
      tidy(() => {
        const { shape, classes, labels: values } = cases['class numbers, of which 0 is one']!;
        const logits = tensor(Array.from(numbers([...shape, classes], 2).values), [...shape, classes]);
        const labels = tensor([...values], [...shape], 'int32');
        const [own, stock] = [smoothedCrossEntropy(0), softmaxCrossEntropy].map(loss => loss.forward(logits, labels));
        assertClose(own!.loss.dataSync(), stock!.loss.dataSync(), 1e-6);
      });
    });

    it('large logits are no trouble', () => {
      tidy(() => {
        const logits = tensor([500, -500, 0, 1000, 1000, -1000], [2, 3]);
        const labels = tensor([0, 1], [2], 'int32');
        const loss = smoothedCrossEntropy(0.1);
        const { loss: value, extras } = loss.forward(logits, labels);
        assertClose(value.dataSync(), plain(logits, labels, 0.1).dataSync(), 1e-5);
        assert.ok(loss.backward(1, extras, labels, undefined).dataSync().every(Number.isFinite));
      });
    });

    it('holds one tensor of the size of the logits beside them, and chunks', () => {
      const ledger = new Ledger();
      try {
        const [batch, length, classes] = [32, 8, 600];
        const shapes: Shapes = { shape: [batch, length], classes, labels: Array.from({ length: batch * length }, (_, index) => index % 5) };
        const size = 4 * batch * length * classes;
        const logits = ledger.scope('activations', () => made(shapes));
        const labels = ledger.scope('data', () => tensor([...shapes.labels], [...shapes.shape], 'int32'));
        const loss = smoothedCrossEntropy(0.1);
        const others = sumBytes(ledger.live()) - size;
        const peakOf = <Result extends Tensor | Tensor[]>(body: () => Result): [Result, number] => {
          ledger.takePeak();
          const result = ledger.scope('workspace', () => tidy(body));
          return [result, (ledger.takePeak().peakBytes - others) / size];
        };
        const [[value, hits, ...extras], forward] = peakOf(() => { const made = loss.forward(logits, labels); return [made.loss, made.hits!, ...made.extras]; });
        assert.ok(forward < 2, `the forward pass holds ${forward} times the logits`);
        // As the tape does it: the logits live on in what the loss keeps.
        logits.dispose();
        assert.ok(sumBytes(ledger.live()) - others < 1.05 * size, 'the logits are kept, and little else');
        const [gradient, backward] = peakOf(() => loss.backward(1, extras, labels, undefined));
        assert.ok(backward < 2.2, `the backward pass holds ${backward} times the logits`);
        for (const each of [value, hits, ...extras, gradient, labels]) each.dispose();
        assert.equal(sumBytes(ledger.live()), 0);
      } finally {
        ledger.stop();
      }
    });

    it('takes one class number a row, and a smoothing below 1', () => {
      tidy(() => {
        assert.throws(() => smoothedCrossEntropy(0.1).forward(made(cases['one sequence']!), tensor([1, 2, 3], [3], 'int32')), /one class number for each row/);
        assert.throws(() => smoothedCrossEntropy(1), /Label smoothing is 1/);
      });
    });
  });
}
