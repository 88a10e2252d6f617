/** NVIDIA's GPUs as their driver describes them, through its own program; nothing where that is absent. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  /** CUDA's compute capability, such as `9.0`. */
  readonly computeCapability: string;
  readonly memoryBytes: number;
  readonly driver: string;
}

const fields = ['index', 'uuid', 'name', 'compute_cap', 'memory.total', 'driver_version'];
/** A driver that sleeps may take seconds to wake. */
const answerMs = 20_000;

export async function nvidiaGpus(program = 'nvidia-smi'): Promise<Gpu[]> {
  try {
    const { stdout } = await promisify(execFile)(program, [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'], { timeout: answerMs, windowsHide: true });
    return parseGpus(stdout);
  } catch {
    return [];
  }
}

export function parseGpus(csv: string): Gpu[] {
  return csv.split('\n').flatMap(line => {
    const [index = '', uuid = '', name = '', computeCapability = '', mebibytes = '', driver = ''] = line.split(', ').map(cell => cell.trim());
    return driver === '' ? [] : [{ index: Number(index), uuid, name, computeCapability, memoryBytes: Number(mebibytes) * 2 ** 20, driver }];
  });
}

/** Name of the GPU that CUDA counts first, which is the one TensorFlow computes on; absent where nobody says. */
export async function computingGpu(gpus: Promise<Gpu[]> = nvidiaGpus(), visible = process.env['CUDA_VISIBLE_DEVICES']): Promise<string | undefined> {
  const all = await gpus;
  const first = visible?.split(',')[0]?.trim();
  if (first === undefined || first === '') return all[0]?.name;
  return all.find(({ index, uuid }) => first === String(index) || uuid.startsWith(first))?.name;
}
