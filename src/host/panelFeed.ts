/** What a panel is sent: a snapshot when it asks, then updates, several events together, and nothing while it cannot listen. */
import type { RunView, ViewMessage } from '../protocol/panel';
import type { RunEvent, SampleEvent, ValidationEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import type { Disposable } from './disposable';
import type { Run } from './run';

/** Milliseconds between two updates of figures: 20 a second at most. */
const interval = 50;

export class PanelFeed implements Disposable {
  private isListening = false;
  private timer: NodeJS.Timeout | undefined;
  private points: SampleEvent[] = [];
  private validations: ValidationEvent[] = [];
  private readonly subscription: Disposable;

  constructor(private readonly run: Run, private readonly post: (message: ViewMessage) => void) {
    this.subscription = run.onDidChange(event => this.collect(event));
  }

  /** The panel's script runs and holds nothing. */
  start(): void {
    this.forget();
    this.isListening = true;
    const { history } = this.run;
    this.post({ type: 'snapshot', run: viewOf(this.run), state: history.state, points: history.points, validations: history.validations });
  }

  /** The panel is hidden: its script is gone and will ask again. */
  pause(): void {
    this.isListening = false;
    this.forget();
  }

  dispose(): void {
    this.pause();
    this.subscription.dispose();
  }

  private collect(event: RunEvent | undefined): void {
    if (!this.isListening) return;
    if (event?.type === 'restored') {
      // Points are taken back, and an update can only add some.
      this.start();
      return;
    }
    if (event?.type === 'sample') this.points.push(event);
    if (event?.type === 'validation') this.validations.push(event);
    // Figures can wait for one another; an answer to something that the user did cannot.
    if (event?.type === 'sample' || event?.type === 'validation') this.timer ??= setTimeout(() => this.flush(), interval);
    else this.flush();
  }

  private flush(): void {
    const { points, validations } = this;
    this.forget();
    this.post({ type: 'update', state: this.run.state, points, validations });
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.points = [];
    this.validations = [];
  }
}

/** The record without the token that controls the trainer. */
function viewOf({ record, directory }: Run): RunView {
  const view: RunView & Pick<RunRecord, 'control'> = { ...record, directory };
  delete view.control;
  return view;
}
