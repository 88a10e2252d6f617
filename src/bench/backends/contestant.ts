/** One backend training one model: its process, and what has been measured of it so far. */
import { startMeasuringProcess, type MeasuringProcess, type MeasuringProgram } from '../measuringProcess';
import { median, quantile } from '../statistics';
import type { BackendName } from '../../backends/backend';
import type { BenchModelName } from './benchModels';
import type { Answer, Begin, Begun, Request } from './turns';

/** One model on one backend. Null: not measured. */
export interface BackendRow {
  readonly model: BenchModelName;
  readonly backend: BackendName;
  readonly version: string | null;
  /** Median of the timed steps. */
  readonly stepMs: number | null;
  /** Of the next batch, after exactly 50 steps from the seed. */
  readonly lossAfter50: number | null;
  /** Of the timed steps, a tenth were faster than the first figure and a tenth slower than the second. */
  readonly spreadMs: readonly [number, number] | null;
  readonly timedSteps: number;
  /** Hardware, as its driver names it; null on the processor. */
  readonly device: string | null;
  /** The device is a driver that computes on the processor. */
  readonly software: boolean;
  /** Why there are no figures, or fewer. */
  readonly failure: string | null;
}

export const comparedStep = 50;

export class Contestant {
  readonly backend: BackendName;
  failure: string | undefined;
  begun: Begun | undefined;
  private readonly process: MeasuringProcess<Request, Answer>;
  private readonly times: number[] = [];
  private readonly losses: number[] = [];

  constructor(private readonly request: Begin, program: MeasuringProgram, signal: AbortSignal) {
    this.backend = request.backend;
    this.process = startMeasuringProcess(program, signal);
  }

  async begin(): Promise<void> {
    const answer = await this.process.ask(this.request);
    if (answer.type === 'begun') this.begun = answer;
    else this.failure = answer.type === 'failed' ? answer.message : 'it answered out of turn';
  }

  /** The first step of a round is not timed where there are others: caches hold what the backend before it left there. */
  async takeRound(steps: number): Promise<void> {
    const taken = await this.take(steps);
    this.times.push(...taken.length > 1 ? taken.slice(1) : taken);
  }

  /** The loss after so many steps is that of the step that follows. */
  async finish(): Promise<void> {
    if (this.losses.length === comparedStep) await this.take(1);
  }

  row(): BackendRow {
    const { times, begun } = this;
    const measured = times.length > 0;
    return {
      model: this.request.model, backend: this.backend, version: begun?.version ?? null,
      stepMs: measured ? median(times) : null, lossAfter50: this.losses[comparedStep] ?? null,
      spreadMs: measured ? [quantile(times, 0.1), quantile(times, 0.9)] : null, timedSteps: times.length,
      device: begun?.device ?? null, software: begun?.isSoftware ?? false, failure: this.failure ?? null,
    };
  }

  end(): void {
    this.process.end();
  }

  private async take(steps: number): Promise<readonly number[]> {
    if (this.failure !== undefined) return [];
    const answer = await this.process.ask({ type: 'take', steps });
    if (answer.type !== 'taken') {
      this.failure = answer.type === 'failed' ? answer.message : 'it answered out of turn';
      return [];
    }
    this.losses.push(...answer.losses);
    return answer.milliseconds;
  }
}
