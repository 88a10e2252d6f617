/** The part of `efcp doctor` about what is installed for GPUs, and what GPUs there are. */
import { nvidiaGpus, type Gpu } from '../backends/gpus';
import { formatBytes } from '../protocol/format';
import { runtimeReport, runtimeTable, type RuntimeReport } from '../runtime/report';
import { runtimeHome } from '../runtime/runtimeHome';
import { formatTable } from './table';

export interface HardwareReport {
  readonly runtimes: RuntimeReport;
  /** Absent where there is no driver to ask. */
  readonly gpus?: readonly Gpu[];
}

export async function hardwareReport(): Promise<HardwareReport> {
  const gpus = await nvidiaGpus();
  return { runtimes: runtimeReport(runtimeHome()), ...(gpus.length === 0 ? {} : { gpus }) };
}

/** Ends with an empty line where there is anything to say. */
export function hardwareText({ runtimes, gpus = [] }: HardwareReport): string {
  const rows = runtimeTable(runtimes);
  const cards = gpus.map(({ index, name, computeCapability, memoryBytes, driver }) => [`GPU ${index}`, name, `compute capability ${computeCapability}`, formatBytes(memoryBytes), `driver ${driver}`]);
  return [...(rows.length === 0 ? [] : [`TensorFlow runtimes\n${formatTable(rows)}\n\n`]), ...(cards.length === 0 ? [] : [`${formatTable(cards)}\n\n`])].join('');
}
