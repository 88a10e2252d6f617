import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { GpuProcess } from '../../../src/memory/gpuProcess';
import { gpuTools, type GpuTool } from '../../../src/memory/gpuTools';

const mib = 1024 ** 2;
const [computeApps, processMonitor, amdSmi, rocmSmi] = gpuTools as [GpuTool, GpuTool, GpuTool, GpuTool];

/** What the tools write, in their own formats. */
const written = {
  computeApps: '  911, 402\n4321, 1536\n4321, 512\n77, [N/A]\n',
  processMonitor: '# gpu         pid   type     fb   ccpm    command \n# Idx           #    C/G     MB     MB    name \n    0       2201     G     94      0    Xorg           \n    0       4321   C+G   1280      0    node           \n    1         77     C      -      -    node           \n',
  amdSmi: JSON.stringify([{ gpu: 0, process_list: [
    { process_info: { name: 'node', pid: 4321, memory_usage: { gtt_mem: { value: 8192, unit: 'B' }, cpu_mem: { value: 0, unit: 'B' }, vram_mem: { value: 734003200, unit: 'B' } } } },
    { process_info: { name: 'other', pid: 12, memory_usage: { vram_mem: { value: 5, unit: 'MB' } } } },
  ] }, { gpu: 1, process_list: [{ process_info: { name: 'node', pid: 4321, memory_usage: { vram_mem: { value: 3, unit: 'MB' } } } }] }, { gpu: 2, process_list: [{ process_info: 'No running processes detected' }] }]),
  rocmSmi: JSON.stringify({ system: { PID4321: 'node, 1, 734003200, 0, 0', PID12: 'other, 1, 4096, 0, 0' } }),
};

describe('GPU bytes of a process', () => {
  for (const [tool, output, mine, others] of [
    [computeApps, written.computeApps, 2048 * mib, 402 * mib],
    [processMonitor, written.processMonitor, 1280 * mib, 94 * mib],
    [amdSmi, written.amdSmi, 734003200 + 3 * mib, 5 * mib],
    [rocmSmi, written.rocmSmi, 734003200, 4096],
  ] as const) {
    it(`are read from ${tool.program} ${tool.parameters[0]!}, summed over GPUs`, () => {
      const other = { '4321': mine, [tool === computeApps ? '911' : tool === processMonitor ? '2201' : '12']: others };
      for (const [pid, bytes] of Object.entries(other)) assert.equal(tool.bytesOf(Number(pid), output), bytes);
      assert.equal(tool.bytesOf(1, output), undefined, 'a process that is not listed');
      assert.equal(tool.bytesOf(77, output), undefined, 'a figure that the driver does not give');
    });
    it(`are absent where ${tool.program} ${tool.parameters[0]!} lists nobody`, () => {
      assert.equal(tool.bytesOf(4321, output.startsWith('{') ? '{}' : output.startsWith('[') ? '[]' : ''), undefined);
    });
  }

  describe('are asked for beside the training', () => {
    let now = 0;
    const asked: string[] = [];
    beforeEach(() => {
      now = 0;
      asked.length = 0;
    });
    const meter = (answers: Readonly<Record<string, string>>) => new GpuProcess(4321, async ({ program, parameters }) => {
      asked.push(`${program} ${parameters[0]!}`);
      const answer = answers[`${program} ${parameters[0]!}`];
      await setImmediate();
      if (answer === undefined) throw new Error('no such program');
      return answer;
    }, () => now);
    const turns = async () => { for (let turn = 0; turn < 12; turn++) await setImmediate(); };

    it('never waited for, at most every five seconds, one at a time', async () => {
      const gpu = meter({ 'rocm-smi --showpids': written.rocmSmi });
      assert.equal(gpu.bytes(), undefined);
      assert.equal(gpu.bytes(), undefined);
      await turns();
      assert.equal(gpu.bytes(), 734003200);
      assert.equal(asked.length, 4, 'each tool once');
      now = 4999;
      gpu.bytes();
      assert.equal(asked.length, 4);
      now = 5000;
      assert.equal(gpu.bytes(), 734003200, 'the last answer meanwhile');
      await turns();
      assert.deepEqual(asked.slice(4), ['rocm-smi --showpids'], 'who failed once is not asked again');
    });

    it('of no tool where there is none', async () => {
      const gpu = meter({});
      gpu.bytes();
      await turns();
      now = 60_000;
      assert.equal(gpu.bytes(), undefined);
      assert.equal(asked.length, 4);
    });

    it('of the next tool where one does not list the process', async () => {
      const gpu = meter({ 'nvidia-smi --query-compute-apps=pid,used_memory': '12, 3\n', 'nvidia-smi pmon': written.processMonitor });
      gpu.bytes();
      await turns();
      assert.equal(gpu.bytes(), 1280 * mib);
    });

    it('absent again when the process is listed no more', async () => {
      const answers = { 'nvidia-smi pmon': written.processMonitor };
      const gpu = meter(answers);
      gpu.bytes();
      await turns();
      answers['nvidia-smi pmon'] = '';
      now = 5000;
      assert.equal(gpu.bytes(), 1280 * mib);
      await turns();
      assert.equal(gpu.bytes(), undefined);
    });
  });
});
