/** What the bench and the processes that it measures in tell one another: a request is answered before the next. */
import type { BenchModelName } from './benchModels';
import type { BackendName } from '../../backends/backend';
import type { Failed } from '../measuringProcess';

/** Loads a backend and gets a model ready on it. */
export interface Begin {
  readonly type: 'begin';
  readonly backend: BackendName;
  readonly model: BenchModelName;
  /** The size that is timed, or one for tests. */
  readonly size: ModelSize;
  readonly workspace: string | undefined;
}

export type ModelSize = 'full' | 'small';

/** Takes the next steps. */
export interface Take { readonly type: 'take'; readonly steps: number }

export type Request = Begin | Take;

export interface Begun {
  readonly type: 'begun';
  readonly version: string;
  /** Hardware, as its driver names it; absent on the processor. */
  readonly device: string | undefined;
  /** The device is a driver that computes on the processor. */
  readonly isSoftware: boolean;
}

export interface Taken {
  readonly type: 'taken';
  readonly milliseconds: readonly number[];
  /** Of each step's batch, before the step. */
  readonly losses: readonly number[];
}

export type Answer = Begun | Taken | Failed;
