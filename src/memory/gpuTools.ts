/**
 * The programs that come with GPU drivers, and how to read from what they write the bytes of one process, summed over all GPUs.
 * A process that is not listed has no figure: in a container the tools may list the ids of another namespace.
 */
export interface GpuTool {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly bytesOf: (pid: number, output: string) => number | undefined;
}

const mib = 1024 ** 2;

export const gpuTools: readonly GpuTool[] = [
  { program: 'nvidia-smi', parameters: ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'], bytesOf: computeApps },
  // Vulkan's processes are graphics to the driver, which the query above leaves out.
  { program: 'nvidia-smi', parameters: ['pmon', '-c', '1', '-s', 'm'], bytesOf: processMonitor },
  { program: 'amd-smi', parameters: ['process', '--json'], bytesOf: amdProcesses },
  { program: 'rocm-smi', parameters: ['--showpids', '--json'], bytesOf: rocmProcesses },
];

/** Lines of `pid, MiB`; `[N/A]` where the driver does not say. */
function computeApps(pid: number, output: string): number | undefined {
  return sumOf(output.split('\n').map(line => line.split(',').map(Number)).filter(([found]) => found === pid).map(([, used]) => mib * (used ?? NaN)));
}

/** Columns `gpu pid type fb …` under two lines of headings; fb in MiB, `-` where the driver does not say. */
function processMonitor(pid: number, output: string): number | undefined {
  const rows = output.split('\n').filter(line => !line.startsWith('#')).map(line => line.trim().split(/\s+/));
  return sumOf(rows.filter(([, found]) => Number(found) === pid).map(([, , , used]) => mib * Number(used)));
}

/** Somewhere in the tree, as versions differ: `{ pid, memory_usage: { vram_mem: { value, unit } } }`. */
function amdProcesses(pid: number, output: string): number | undefined {
  return sumOf(objectsIn(JSON.parse(output)).filter(each => Number(each['pid']) === pid).map(each => {
    const { vram_mem: vram } = (each['memory_usage'] ?? {}) as { vram_mem?: { value?: unknown; unit?: unknown } | number };
    if (typeof vram === 'number') return vram;
    const unit = ['B', 'KB', 'MB', 'GB'].indexOf(String(vram?.unit).toUpperCase());
    return unit < 0 ? NaN : Number(vram?.value) * 1024 ** unit;
  }));
}

/** `{ "system": { "PID1234": "name, GPUs, bytes of VRAM, …" } }`. */
function rocmProcesses(pid: number, output: string): number | undefined {
  return sumOf(objectsIn(JSON.parse(output)).flatMap(each => {
    const entry = each[`PID${pid}`];
    return typeof entry === 'string' ? [Number(entry.split(',')[2])] : [];
  }));
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const nested = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? nested : [value as Record<string, unknown>, ...nested];
}

function sumOf(bytes: readonly number[]): number | undefined {
  const known = bytes.filter(Number.isFinite);
  return known.length === 0 ? undefined : Math.round(known.reduce((sum, each) => sum + each, 0));
}
