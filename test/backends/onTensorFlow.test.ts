/** What only a real TensorFlow can show. These run in a process of their own: see backendSuite.ts. */
import assert from 'node:assert/strict';
import { conv2d, dispose, engine, gather, grad, grads, matMul, mul, ones, reshape, slice, square, sub, sum, tensor1d, tensor2d, tidy, variable, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { halfFormats, packHalf, unpackHalf } from '../../src/backends/halfKernels';
import { loadBackend } from '../../src/backends/loadBackend';
import { findTensorFlow } from '../../src/backends/tensorflow/findTensorFlow';
import { loadTensorFlow, type TensorFlowBackend } from '../../src/backends/tensorflow/loadTensorFlow';
import type { NodeBackend } from '../../src/backends/tensorflow/nodeBackend';
import { assets } from '../support/assets';
import { testsAlone } from '../support/backendSuite';

if (testsAlone('tensorflow')) describe('backends: TensorFlow for real', () => {
  let backend: TensorFlowBackend;
  before(async () => {
    await loadBackend('tensorflow', { assets });
    backend = await loadTensorFlow(findTensorFlow({})!);
  });

  it('says what it is on tensorflow', () => {
    assert.equal(engine().backendName, 'tensorflow');
    assert.deepEqual([backend.name, backend.version, backend.tensorFlowVersion], ['tensorflow', '4.22.0', '2.21.0']);
    assert.equal(backend.installed.runtime?.name, 'tensorflow-2.21.0-cpu');
    assert.deepEqual([backend.usesGpu, backend.device], [false, undefined]);
  });

  it('was told to take a GPU\'s memory as it needs it on tensorflow', () => {
    assert.equal(process.env['TF_FORCE_GPU_ALLOW_GROWTH'], 'true');
  });

  it('multiplies, and takes the gradient on tensorflow', async () => {
    assert.deepEqual([...await matMul(tensor2d([[1, 2], [3, 4]]), tensor2d([[5], [6]])).data()], [17, 39]);
    assert.deepEqual([...await grad(x => sum(square(x)))(tensor1d([1, 2, 3])).data()], [2, 4, 6]);
  });

  it('has the gradients that training needs: convolution, embedding on tensorflow', () => {
    // A filter of ones over an image of ones: each weight's gradient is the number of places it is used at, each pixel's likewise.
    const [image, filter] = grads((x, w) => sum(conv2d(x as Tensor4D, w as Tensor4D, 1, 'same')))([ones([1, 4, 4, 1]), ones([3, 3, 1, 1])]) as [Tensor, Tensor];
    assert.deepEqual([...filter.dataSync()], [9, 12, 9, 12, 16, 12, 9, 12, 9]);
    assert.deepEqual([...image.dataSync()].slice(0, 4), [4, 6, 6, 4]);
    const rows = grad(table => sum(gather(table, tensor1d([0, 2, 2], 'int32'))))(ones([3, 2]));
    assert.deepEqual([...rows.dataSync()], [1, 1, 0, 0, 2, 2]);
  });

  it('descends, and leaks no tensor on tensorflow', () => {
    const w = variable(tensor1d([4, -2]));
    const before = engine().memory().numTensors;
    for (let step = 0; step < 20; step++) tidy(() => w.assign(sub(w, mul(grad(x => sum(square(x)))(w), 0.25))));
    assert.equal(engine().memory().numTensors, before);
    assert.ok(w.dataSync().every(value => Math.abs(value) < 1e-5));
    w.dispose();
  });

  it('copies nothing for another shape of a buffer, and frees what it makes for it on tensorflow', () => {
    const live = watchHandles();
    const { rss } = process.memoryUsage();
    try {
      const x = ones([1000, 10_000]);
      // Each of them is read, so that TensorFlow has it in that shape.
      const shaped = [1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125, 160, 200, 250, 320].map(rows => reshape(x, [rows, -1]));
      for (const each of shaped) tidy(() => slice(each, each.shape.map(() => 0), each.shape.map(() => 1)).dataSync());
      assert.ok(process.memoryUsage().rss - rss < 200e6, 'it is 40 MB, and twenty copies would be 800 MB');
      x.dispose();
      dispose(shaped);
      assert.equal(live.made > 20, true);
      assert.deepEqual([...live.ids], []);
    } finally {
      live.stop();
    }
  });

  it('frees what it makes beside tensors to store them in two bytes on tensorflow', () => {
    const live = watchHandles();
    try {
      for (const format of halfFormats) for (const size of [0, 5, 6]) tidy(() => { unpackHalf(packHalf(ones([size]), format), format, [size]); });
      assert.equal(live.made > 0, true);
      assert.deepEqual([...live.ids], []);
    } finally {
      live.stop();
    }
  });
});

/** Ids of the binding that were made and not freed, tensors of the engine's among them. */
function watchHandles(): { readonly ids: Set<number>; made: number; stop: () => void } {
  const backend = engine().backend as unknown as { binding: NodeBackend['binding'] };
  const { binding } = backend;
  const [ids, watched] = [new Set<number>(), { made: 0 }];
  const born = (id: number) => { ids.add(id); watched.made++; return id; };
  // Its own properties are read-only; those of what inherits from it can be others.
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors({
    executeOp: (...parameters: Parameters<typeof binding.executeOp>) => binding.executeOp(...parameters).map(handle => ({ ...handle, id: born(handle.id) })),
    createTensor: (...parameters: Parameters<typeof binding.createTensor>) => born(binding.createTensor(...parameters)),
    deleteTensor: (id: number) => { ids.delete(id); binding.deleteTensor(id); },
  })) as typeof binding;
  return { ids, get made() { return watched.made; }, stop: () => { backend.binding = binding; } };
}
