/** A runtime loaded for real, in a process of its own: two matrices multiplied, a gradient taken. */
import { RuntimeRefusal } from './refusal';
import { ProgramFailure, runProgram } from './runProgram';

export interface SelfTestResult {
  /** What the library calls itself. */
  readonly tensorflow: string;
  readonly tfjs: string;
  readonly usesGpu: boolean;
  readonly device?: string;
  /** GPUs that their driver lists, where a build for GPUs uses none. */
  readonly unusedGpus?: readonly string[];
  /** Of [[1, 2], [3, 4]] and [[5], [6]]. */
  readonly product: readonly number[];
  /** Of the sum of x² at [1, 2, 3]. */
  readonly gradient: readonly number[];
}

/** Gets the runtime's folder as its last argument and prints a `SelfTestResult` as its last line. */
export type SelfTestProgram = readonly [string, ...string[]];

export async function selfTest(program: SelfTestProgram, folder: string, tensorflow: string, signal?: AbortSignal): Promise<SelfTestResult> {
  let last = '';
  try {
    await runProgram([...program, folder], { onLine: line => { if (line.trim() !== '') last = line; }, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw failed('does not load', error.lastLines);
  }
  const result = parse(last);
  if (result === undefined) throw failed('does not say what it computes', last);
  if (result.product.join() !== '17,39' || result.gradient.join() !== '2,4,6') throw failed('computes wrongly', last);
  if (result.tensorflow !== tensorflow) throw failed(`is TensorFlow ${result.tensorflow} instead of ${tensorflow}`, last);
  return result;
}

function failed(how: string, details: string): RuntimeRefusal {
  return new RuntimeRefusal('test', `The runtime ${how}.`, 'It is not used. Look at what it says below; efcp runtime install --force builds it anew.', details);
}

function parse(line: string): SelfTestResult | undefined {
  try {
    return JSON.parse(line) as SelfTestResult;
  } catch {
    return undefined;
  }
}
