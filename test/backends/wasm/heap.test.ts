import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { backend, clone, conv2d, engine, grads, matMul, mul, randomNormal, tensor, tensor2d, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { assets } from '../../support/assets';
import { assertClose } from '../../support/assertClose';

/** The same values on both backends, in the order wasm then cpu. */
async function onBoth(compute: (values: Float32Array[]) => Tensor[], shapes: readonly (readonly number[])[]): Promise<[Float32Array[], Float32Array[]]> {
  await loadBackend('cpu', { assets });
  const values = shapes.map((shape, index) => randomNormal([...shape], 0, 1, 'float32', 7 + index).dataSync<'float32'>());
  const onBackend = async (name: 'wasm' | 'cpu') => {
    await loadBackend(name, { assets });
    const tensorsBefore = engine().memory().numTensors;
    const results = tidy(() => compute(values).map(result => result.dataSync<'float32'>()) as unknown as Tensor[]) as unknown as Float32Array[];
    assert.equal(engine().memory().numTensors, tensorsBefore, `${name} leaks tensors`);
    return results;
  };
  return [await onBackend('wasm'), await onBackend('cpu')];
}

const codeSection = 10;
const dataSection = 11;

/** The numbers of a module's sections; after each stands its length, seven bits a byte. */
function sectionsOf(bytes: Uint8Array): number[] {
  const sections: number[] = [];
  for (let at = 8; at < bytes.length;) {
    sections.push(bytes[at++]!);
    let length = 0;
    for (let shift = 0, isLast = false; !isLast; shift += 7) {
      length |= (bytes[at]! & 127) << shift;
      isLast = bytes[at++]! < 128;
    }
    at += length;
  }
  return sections;
}

describe('backends: completed wasm kernels against the cpu oracle', () => {
  for (const [transposeA, transposeB] of [[false, false], [true, false], [false, true], [true, true]] as const) {
    it(`BatchMatMul, transposeA ${transposeA}, transposeB ${transposeB}, and its gradients`, async () => {
      const [aShape, bShape] = [transposeA ? [5, 3] : [3, 5], transposeB ? [4, 5] : [5, 4]] as [[number, number], [number, number]];
      const [wasm, cpu] = await onBoth(([a, b]) => grads((x, y) => matMul(x as never, y as never, transposeA, transposeB))([tensor2d(a!, aShape), tensor2d(b!, bShape)]), [aShape, bShape]);
      wasm.forEach((values, index) => { assertClose(values, cpu[index]!, 1e-6); });
    });
  }

  const convolutions: [size: number, stride: number, pad: 'same' | 'valid' | number][] = [
    [3, 1, 'same'], [3, 1, 'valid'], [3, 1, 1], [1, 1, 'same'], [5, 1, 'same'], [5, 1, 2],
    [3, 2, 'same'], [3, 2, 'valid'], [3, 2, 1], [1, 2, 'same'], [5, 2, 'valid'], [5, 3, 2],
  ];
  for (const [size, stride, pad] of convolutions) {
    it(`Conv2D gradients, filter ${size}, stride ${stride}, padding ${pad}`, async () => {
      const inputShape = [2, 9, 8, 3] as [number, number, number, number];
      const filterShape = [size, size, 3, 4] as [number, number, number, number];
      const [wasm, cpu] = await onBoth(([x, w]) => {
        const convolve = grads((input, filter) => {
          const output = conv2d(input as Tensor4D, filter as Tensor4D, stride, pad, 'NHWC', 1, pad === 'same' || pad === 'valid' ? undefined : 'floor');
          return mul(output, output);
        });
        return convolve([tensor(x!, inputShape), tensor(w!, filterShape)]);
      }, [inputShape, filterShape]);
      wasm.forEach((values, index) => { assertClose(values, cpu[index]!, 1e-5); });
    });
  }

  for (const name of ['backendKernels', 'backendKernelsRelaxed']) {
    it(`${name}.wasm has no data of its own, which would overwrite the backend's`, () => {
      const sections = sectionsOf(readFileSync(path.join(assets, 'wasm', `${name}.wasm`)));
      assert.ok(sections.includes(codeSection) && !sections.includes(dataSection), `sections ${sections.join(', ')}`);
    });
  }

  it('Identity shares the buffer instead of copying it', async () => {
    await loadBackend('wasm', { assets });
    tidy(() => {
      const x = tensor2d([[1, 2]]);
      const before = backend().numDataIds();
      const copy = clone(x);
      assert.equal(copy.dataId, x.dataId);
      assert.equal(backend().numDataIds(), before);
      x.dispose();
      assert.deepEqual([...copy.dataSync()], [1, 2], 'the buffer lives as long as its last handle');
    });
  });

  for (const name of ['wasm', 'cpu'] as const) {
    it(`${name}: a write through a view is seen by the next product`, async () => {
      const { memory } = await loadBackend(name, { assets });
      assert.ok(memory !== undefined);
      tidy(() => {
        const x = tensor2d([[1, 2], [3, 4]]);
        const w = tensor2d([[1, 0], [0, 1]]);
        matMul(x, w);
        memory.view(w)[0] = 5;
        memory.written(w);
        assert.deepEqual([...matMul(x, w).dataSync()], [5, 2, 15, 4]);
        assert.deepEqual([...w.dataSync()], [5, 0, 0, 1]);
      });
    });
  }
});
