/**
 * The bench of the backends: the same models, seeds and batches on each of them. Every backend has a process of its own, so that
 * neither its threads and memory nor its death touch another's figures, and they take turns, a few steps each, so that whatever
 * else the machine does disturbs all alike.
 */
import type { BackendName } from '../../backends/backend';
import type { MeasuringProgram } from '../measuringProcess';
import type { BenchModelName } from './benchModels';
import { Contestant, type BackendRow } from './contestant';
import type { ModelSize } from './turns';

export interface BackendsRequest {
  readonly models: readonly BenchModelName[];
  readonly backends: readonly BackendName[];
  /** A backend that was named gets a row whatever becomes of it; one that was not is left out where it is not at hand. */
  readonly named: boolean;
  /** Of each model on each backend. */
  readonly steps: number;
  readonly size: ModelSize;
  readonly workspace: string | undefined;
  readonly program: MeasuringProgram;
  readonly signal: AbortSignal;
  /** What is going on; for those who watch. */
  readonly note: (what: string) => void;
  /** What was left out, and why. */
  readonly skipped: (what: string) => void;
}

/** Steps of a turn. */
const roundSteps = 10;

/** The rows of one model after the other. */
export async function* benchBackends(request: BackendsRequest): AsyncGenerator<BackendRow> {
  let backends = request.backends;
  for (const model of request.models) {
    const { rows, absent } = await benchModel(model, { ...request, backends });
    backends = backends.filter(name => !absent.includes(name));
    yield* rows;
  }
}

async function benchModel(model: BenchModelName, { backends, named, steps, size, workspace, program, signal, note, skipped }: BackendsRequest): Promise<{ rows: BackendRow[]; absent: BackendName[] }> {
  const absent: BackendName[] = [];
  const contestants: Contestant[] = [];
  try {
    for (const backend of backends) {
      signal.throwIfAborted();
      note(`${model}: loading ${backend}`);
      const contestant = new Contestant({ type: 'begin', backend, model, size, workspace }, program, signal);
      contestants.push(contestant);
      await contestant.begin();
      const reason = named ? undefined : reasonToLeaveOut(contestant);
      if (reason === undefined) continue;
      skipped(`${backend}: ${reason}`);
      absent.push(backend);
      contestants.pop()?.end();
    }
    for (let taken = 0; taken < steps; taken += roundSteps) {
      for (const contestant of contestants) {
        note(`${model}: ${contestant.backend}, steps ${taken + 1} to ${Math.min(steps, taken + roundSteps)} of ${steps}`);
        await contestant.takeRound(Math.min(roundSteps, steps - taken));
      }
    }
    for (const contestant of contestants) await contestant.finish();
    return { rows: contestants.map(contestant => contestant.row()), absent };
  } finally {
    contestants.forEach(contestant => { contestant.end(); });
  }
}

function reasonToLeaveOut({ backend, begun, failure }: Contestant): string | undefined {
  if (failure !== undefined) return failure;
  return begun?.isSoftware === true ? `it would compute on the processor, by ${begun.device ?? 'a software adapter'}. Name it with --backend ${backend} to time it all the same.` : undefined;
}
