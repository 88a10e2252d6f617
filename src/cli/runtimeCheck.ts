/** `efcp runtime check FOLDER`: loads a runtime that is being built as a run would, computes, and prints what came of it as one line of JSON. */
import { enableProdMode, grad, matMul, square, sum, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import path from 'node:path';
import { nvidiaGpus } from '../backends/gpus';
import { packageIn } from '../backends/tensorflow/findTensorFlow';
import { loadTensorFlow } from '../backends/tensorflow/loadTensorFlow';
import { runtimePlans } from '../runtime/pins';
import type { SelfTestProgram, SelfTestResult } from '../runtime/selfTest';
import { UsageError } from './usageError';

/** The same program that runs now. */
export function checkProgram(): SelfTestProgram {
  return [process.execPath, __filename, 'runtime', 'check'];
}

export async function checkRuntime([given]: readonly string[]): Promise<number> {
  if (given === undefined) throw new UsageError('Say which folder to check: efcp runtime check FOLDER.');
  const folder = path.resolve(given);
  const found = Object.values(runtimePlans).flatMap(({ packageName }) => packageIn(folder, packageName, folder) ?? [])[0];
  if (found === undefined) throw new Error(`${folder} holds no package of TensorFlow.js for Node. Give the folder of a runtime; efcp runtime list names them.`);
  enableProdMode();
  const { tensorFlowVersion = '', version, usesGpu, device } = await loadTensorFlow(found);
  const unusedGpus = found.isGpuBuild && !usesGpu ? (await nvidiaGpus()).map(({ name }) => name) : [];
  const result: SelfTestResult = {
    tensorflow: tensorFlowVersion, tfjs: version, usesGpu, ...(device === undefined ? {} : { device }), ...(unusedGpus.length === 0 ? {} : { unusedGpus }),
    product: [...await matMul(tensor2d([[1, 2], [3, 4]]), tensor2d([[5], [6]])).data()],
    gradient: [...await grad(x => sum(square(x)))(tensor1d([1, 2, 3])).data()],
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}
