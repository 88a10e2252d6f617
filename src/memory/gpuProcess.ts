/**
 * Bytes of GPU memory that this process holds, as the driver's own tool says. A tool takes a good part of a second, so it is asked
 * beside the training, at most every few seconds and one at a time; the answer is the last one, and absent until there is one.
 */
import { execFile } from 'node:child_process';
import { gpuTools, type GpuTool } from './gpuTools';

/** Milliseconds from one question to the next. */
const interval = 5000;
const patience = 4000;

/** Resolves to what a program wrote; rejects where there is none, or it fails. */
export type RunTool = (tool: GpuTool) => Promise<string>;

export class GpuProcess {
  /** The tools that are still worth asking; the first that answers is the only one. */
  private tools: readonly GpuTool[] = gpuTools;
  private isAsking = false;
  private askedAt = -Infinity;
  private latest: number | undefined;

  constructor(private readonly pid = process.pid, private readonly run: RunTool = runTool, private readonly now: () => number = () => performance.now()) {}

  /** The last answer; asks again, without waiting, when it is old. */
  bytes(): number | undefined {
    if (!this.isAsking && this.tools.length > 0 && this.now() - this.askedAt >= interval) void this.ask();
    return this.latest;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    this.askedAt = this.now();
    this.latest = await this.firstAnswer();
    this.isAsking = false;
  }

  private async firstAnswer(): Promise<number | undefined> {
    for (const tool of this.tools) {
      try {
        const bytes = tool.bytesOf(this.pid, await this.run(tool));
        if (bytes !== undefined) return bytes;
      } catch {
        // Not here, or of no use here: it will not be next time either.
        this.tools = this.tools.filter(each => each !== tool);
      }
    }
    return undefined;
  }
}

function runTool({ program, parameters }: GpuTool): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...parameters], { timeout: patience, windowsHide: true }, (error, stdout) => { if (error === null) resolve(stdout); else reject(new Error(`${program} failed`, { cause: error })); });
  });
}
