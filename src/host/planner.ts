/**
 * Estimates and plans for one window, asked of one process that is started when something first needs it. It ends with the window, and
 * after some minutes in which nobody asked. One that broke off is started again by the next request, but not again and again.
 */
import type { Estimate } from '../protocol/estimate';
import type { Plan } from '../protocol/plan';
import type { PlanLimits, PlanningAnswer, PlanningRequest } from '../protocol/planningWire';
import type { Settings } from '../settings/knobs';
import type { Disposable } from './disposable';
import type { Log } from './log';
import type { NodeChoice } from './nodePath';
import { startPlanning, type PlanningProcess } from './planningProcess';

/** Cannot be estimated or planned, in words for the user. */
export class PlanningRefused extends Error {
  override readonly name = 'PlanningRefused';
}

export interface PlannerEnvironment {
  readonly cliFile: string;
  readonly chooseNode: () => Promise<NodeChoice>;
  /** The folder that the process works in. */
  readonly folder: () => string | undefined;
  readonly log: Log;
  /** Milliseconds without a request after which the process ends. */
  readonly idleMs?: number;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly what: string;
}

export interface PlanWishes {
  readonly limits: PlanLimits;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

interface Asked {
  readonly answered: (answer: PlanningAnswer) => void;
  readonly failed: (error: Error) => void;
}

type Draft = PlanningRequest extends infer Request ? Request extends PlanningRequest ? Omit<Request, 'id'> : never : never;

const defaultIdleMs = 5 * 60_000;
/** So many processes that broke off one after the other, without an answer between, are enough for a while. */
const mostBroken = 3;
const restMs = 60_000;

export class Planner implements Disposable {
  private process: Promise<PlanningProcess> | undefined;
  private current: PlanningProcess | undefined;
  private readonly open = new Map<number, Asked>();
  private lastId = 0;
  /** Requests that wait for the process or for its answer. */
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;
  private broken = { times: 0, at: 0, how: '' };
  private isDisposed = false;

  constructor(private readonly environment: PlannerEnvironment) {}

  /** Throws a `PlanningRefused` where nothing can be said, and the signal's reason where it was aborted. */
  estimate(settings: Settings, signal?: AbortSignal, { bytesOnly = false }: { readonly bytesOnly?: boolean } = {}): Promise<Estimate> {
    return this.ask({ type: 'estimate', settings: { ...settings }, ...(bytesOnly ? { bytesOnly } : {}) }, signal, (answer, settle) => {
      if (answer.type === 'estimate') settle(answer.estimate);
    });
  }

  plan(settings: Settings, { limits, signal, progress }: PlanWishes): Promise<Plan> {
    return this.ask({ type: 'plan', settings: { ...settings }, limits }, signal, (answer, settle) => {
      if (answer.type === 'progress') progress?.(answer);
      if (answer.type === 'plan') settle(answer.plan);
    });
  }

  /** What the process has loaded may have changed: the next request starts another, and those that are open are refused. */
  renew(): void {
    this.close();
    this.failAll(new PlanningRefused('A file that the model may come from was saved meanwhile. Ask again.'));
  }

  dispose(): void {
    this.isDisposed = true;
    this.close();
    this.failAll(new PlanningRefused('The window closes.'));
  }

  private async ask<Result>(draft: Draft, signal: AbortSignal | undefined, take: (answer: PlanningAnswer, settle: (result: Result) => void) => void): Promise<Result> {
    signal?.throwIfAborted();
    const id = ++this.lastId;
    this.waiting += 1;
    clearTimeout(this.idle);
    try {
      const process = await this.ready();
      signal?.throwIfAborted();
      return await new Promise<Result>((resolve, reject) => {
        this.open.set(id, {
          failed: reject,
          answered: answer => {
            if (answer.type === 'refused') reject(new PlanningRefused(answer.message));
            else take(answer, resolve);
          },
        });
        signal?.addEventListener('abort', () => {
          if (!this.open.has(id)) return;
          process.send({ id, type: 'cancel' });
          reject(signal.reason as Error);
        }, { once: true });
        process.send({ id, ...draft });
      });
    } finally {
      this.open.delete(id);
      this.waiting -= 1;
      if (this.waiting === 0) this.rest();
    }
  }

  private ready(): Promise<PlanningProcess> {
    const { times, at, how } = this.broken;
    if (times >= mostBroken && Date.now() - at < restMs) throw new PlanningRefused(`The process that estimates broke off ${times} times: ${how}. The log says more; it is tried again in a minute.`);
    if (this.isDisposed) throw new PlanningRefused('The window closes.');
    return this.process ??= this.start();
  }

  private async start(): Promise<PlanningProcess> {
    const { cliFile, chooseNode, folder, log } = this.environment;
    try {
      const node = await chooseNode();
      if (this.isDisposed) throw new PlanningRefused('The window closes.');
      log.info(`Planning: ${cliFile} estimate --serve, run by ${node.path}.`);
      const started: PlanningProcess = startPlanning({
        node, cliFile, folder: folder(), log, answered: answer => this.receive(answer), ended: how => this.ended(started, how),
      });
      this.current = started;
      return started;
    } catch (error) {
      this.process = undefined;
      throw error;
    }
  }

  private receive(answer: PlanningAnswer): void {
    this.broken.times = 0;
    this.open.get(answer.id)?.answered(answer);
  }

  private ended(process: PlanningProcess, how: string): void {
    // One that was let go ends as it should.
    if (process !== this.current) return;
    this.current = this.process = undefined;
    this.broken = { times: this.broken.times + 1, at: Date.now(), how };
    this.environment.log.warn(`Planning: the process broke off, ${how}.`);
    this.failAll(new PlanningRefused(`The process that estimates broke off: ${how}. The next request starts another; the log says more.`));
  }

  private failAll(error: Error): void {
    for (const { failed } of this.open.values()) failed(error);
  }

  private rest(): void {
    if (this.isDisposed) return;
    this.idle = setTimeout(() => this.close(), this.environment.idleMs ?? defaultIdleMs);
    this.idle.unref();
  }

  private close(): void {
    clearTimeout(this.idle);
    const { current } = this;
    this.current = this.process = undefined;
    current?.end();
  }
}
