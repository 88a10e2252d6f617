/** The one plan that the panel has asked for: under way, answered, refused, or cancelled. */
import type { PlanningMessage } from '../../src/protocol/panel';
import type { Plan } from '../../src/protocol/plan';
import type { PlanLimits } from '../../src/protocol/planningWire';
import type { Post } from '../vscodeApi';

export type PlanState =
  | { readonly kind: 'none' | 'cancelled' }
  | { readonly kind: 'underWay'; readonly done: number; readonly of: number; readonly what: string }
  /** `settings` as text: those of the run when it was asked for. */
  | { readonly kind: 'plan'; readonly plan: Plan; readonly settings: string }
  | { readonly kind: 'refused'; readonly message: string };

type Answer = Exclude<PlanningMessage, { type: 'forecast' }>;

export class PlanClient {
  state: PlanState = { kind: 'none' };
  private id = 0;
  private settings = '';

  constructor(private readonly post: Post, private readonly changed: () => void) {}

  ask(limits: PlanLimits, settings: string): void {
    this.id += 1;
    this.settings = settings;
    this.post({ type: 'plan', id: this.id, limits });
    this.become({ kind: 'underWay', done: 0, of: 1, what: 'starting' });
  }

  cancel(): void {
    this.post({ type: 'cancelPlan', id: this.id });
    this.become({ kind: 'cancelled' });
  }

  receive(answer: Answer): void {
    if (answer.id !== this.id || this.state.kind !== 'underWay') return;
    switch (answer.type) {
      case 'planProgress': this.become({ kind: 'underWay', done: answer.done, of: answer.of, what: answer.what }); break;
      case 'plan': this.become({ kind: 'plan', plan: answer.plan, settings: this.settings }); break;
      case 'planRefused': this.become({ kind: 'refused', message: answer.message }); break;
    }
  }

  private become(state: PlanState): void {
    this.state = state;
    this.changed();
  }
}
