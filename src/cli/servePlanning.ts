/**
 * `efcp estimate --serve`: answers requests of an editor, one line of JSON each, until its stdin closes (protocol/planningWire.ts).
 * Requests are worked on one after the other; a cancelled one is given up at the next chance.
 */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod';
import { dispatch, type Handlers } from '../protocol/handlers';
import { makePlan } from '../planning/makePlan';
import { planningRequest, type PlanningAnswer, type PlanningRequest } from '../protocol/planningWire';
import { checkRunFile, resolveSettings } from '../settings/validate';
import type { Estimator } from '../trainer/estimate/estimator';

const withId = z.object({ id: z.int().min(1) });

type Estimates = Pick<Estimator, 'estimate' | 'modelCosts' | 'stepTimes'>;

/** Resolves when the other side has gone and nothing is left to answer. */
export async function servePlanning(estimator: Estimates, input: Readable, output: Writable): Promise<void> {
  const server = new PlanningServer(estimator, answer => { output.write(`${JSON.stringify(answer)}\n`); });
  for await (const line of createInterface({ input })) server.take(line);
  server.stop();
}

class PlanningServer {
  private readonly underWay = new Map<number, AbortController>();
  private readonly handlers: Handlers<PlanningRequest> = {
    estimate: ({ id, settings, bytesOnly = false }) => {
      this.work(id, async signal => ({ id, type: 'estimate', estimate: await this.estimator.estimate(resolveSettings(checkRunFile(settings)), { signal, bytesOnly }) }));
    },
    plan: ({ id, settings, limits }) => {
      this.work(id, async signal => ({
        id, type: 'plan',
        plan: await makePlan(this.estimator, resolveSettings(checkRunFile(settings)), limits, { signal, progress: (done, of, what) => { this.answer({ id, type: 'progress', done, of, what }); } }),
      }));
    },
    cancel: ({ id }) => { this.underWay.get(id)?.abort(new Error('Cancelled.')); },
  };

  constructor(private readonly estimator: Estimates, private readonly answer: (answer: PlanningAnswer) => void) {}

  /** A line that is no request is refused by its id; one without has nobody who waits for an answer, and is passed over. */
  take(line: string): void {
    const said = parsed(line);
    const request = planningRequest.safeParse(said);
    if (request.success) {
      dispatch(this.handlers, request.data);
      return;
    }
    const named = withId.safeParse(said);
    const [{ path, message } = { path: [], message: '' }] = request.error.issues;
    if (named.success) this.answer({ id: named.data.id, type: 'refused', message: `The request cannot be read at ${path.join('.') || 'its beginning'}: ${message}. Send what protocol/planningWire.ts describes.` });
  }

  stop(): void {
    for (const controller of this.underWay.values()) controller.abort(new Error('The other side has gone.'));
  }

  private work(id: number, make: (signal: AbortSignal) => Promise<PlanningAnswer>): void {
    const controller = new AbortController();
    this.underWay.set(id, controller);
    const refused = (error: unknown): PlanningAnswer => ({ id, type: 'refused', message: error instanceof Error ? error.message : String(error) });
    void Promise.resolve(controller.signal).then(make).catch(refused).then(answer => {
      this.underWay.delete(id);
      this.answer(answer);
    });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
