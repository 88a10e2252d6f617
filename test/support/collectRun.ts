import type { Optimizer } from '../../src/optimizers/optimizer';
import { assemble, type Assembly } from '../../src/trainer/assemble';
import { HostPlacement } from '../../src/trainer/hostPlacement';
import type { Mailbox } from '../../src/trainer/mailbox';
import { train, type TrainingEvent } from '../../src/trainer/train';
import { defaults, type Settings } from '../../src/settings/knobs';
import { assets } from './assets';

export const smallRun: Settings = { ...defaults, backend: 'wasm', epochs: 1, batchSize: 128, window: 8, learningRate: 0.05, damping: 0.1 };

/** Iterates over a whole run; `observe` sees every event before the loop goes on. */
export async function collectRun(settings: Partial<Settings>, mailbox: Mailbox, observe: (event: TrainingEvent, run: Assembly) => void = () => undefined): Promise<TrainingEvent[]> {
  const resolved = { ...smallRun, ...settings };
  const run = await assemble(resolved, { assets });
  const events: TrainingEvent[] = [];
  for await (const event of train(resolved, run, mailbox)) {
    events.push(event);
    observe(event, run);
  }
  return events;
}

export function ofType<Type extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: Type): Extract<TrainingEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);
}

/** The optimizer of a run whose state lies on the host. */
export function hostOptimizerOf({ placement }: Assembly): Optimizer {
  if (placement instanceof HostPlacement) return placement.optimizer;
  throw new Error('The state of this run does not lie on the host.');
}
