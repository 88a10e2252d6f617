/** What a run watches for, what of it a checkpoint must remember, and what is done when something is found. */
import * as z from 'zod';
import type { BatchSource } from '../../gradients/gradientSource';
import { NonFiniteGradientError } from '../../optimizers/nonFiniteGradient';
import { settingsInWords, type MemoryShortage } from '../../protocol/memoryFix';
import type { AlarmEvent } from '../../protocol/runEvents';
import type { Settings } from '../../settings/knobs';
import type { Assembly } from '../assemble';
import { Budget, type Highest } from './budget';
import { Divergence, savedLosses } from './divergence';
import type { Finding } from './finding';
import { nonFiniteFinding, third } from './nonFinite';
import { outOfMemory } from './outOfMemory';

export const savedAlarms = z.object({
  losses: savedLosses,
  /** The settings that a budget was found exceeded with. */
  budget: z.string().optional(),
  /** Steps skipped in a row up to this one, since their loss or gradient was not finite. */
  skipped: z.int().min(0),
  /** It diverged and went on: the checkpoint from before, where there is one, which no later one takes the place of. */
  diverged: z.object({ checkpoint: z.string().optional() }).optional(),
});
export type SavedAlarms = z.infer<typeof savedAlarms>;

type Told = Omit<AlarmEvent, 'sequence' | 'time'>;

/** Steps in a row that are skipped before a run gives up, under onAlarm "note". */
const mostSkipped = 5;

export class Alarms {
  private readonly budget = new Budget();
  private readonly divergence = new Divergence();
  private skipped: number;
  private diverged: SavedAlarms['diverged'];
  /** The run waits because it has diverged: its state is not one to keep. */
  hasDiverged = false;

  /** `isAnswered`: somebody can tell a paused run to go on. */
  constructor(private readonly run: Assembly, private readonly isAnswered: boolean, saved: SavedAlarms = { losses: { losses: [] }, skipped: 0 }) {
    this.divergence.restore(saved.losses);
    this.budget.restore(saved.budget);
    this.skipped = saved.skipped;
    this.diverged = saved.diverged;
  }

  save(): SavedAlarms {
    const budget = this.budget.save();
    const { skipped, diverged } = this;
    return { losses: this.divergence.save(), ...(budget === undefined ? {} : { budget }), skipped, ...(diverged === undefined ? {} : { diverged }) };
  }

  /** Whether a checkpoint of the present state might take the place of a good one. */
  get isDoubtful(): boolean {
    return this.hasDiverged || (this.diverged === undefined && this.divergence.isDoubtful);
  }

  /** What a step that has been taken shows. */
  afterStep(loss: number, highest: Highest, settings: Settings, batch: BatchSource): Finding[] {
    this.skipped = 0;
    const diverged = this.divergence.note(loss);
    if (!this.divergence.isDoubtful) this.diverged = undefined;
    const isNew = diverged !== undefined && this.diverged === undefined;
    const found = [this.budget.note(highest, this.shortage(settings, batch.examples)), isNew ? divergedFinding(diverged, settings) : undefined];
    return found.filter(finding => finding !== undefined);
  }

  /** A step whose loss is not finite; or a validation, after that step. */
  lossOf(batch: BatchSource, step: number, settings: Settings, what: 'loss' | 'validation loss', value: number): Promise<Finding> {
    return nonFiniteFinding(this.run, batch, step, settings, { what, value });
  }

  /** Undefined for what is no alarm. */
  async failureOf(error: unknown, batch: BatchSource, step: number, settings: Settings): Promise<Finding | undefined> {
    if (error instanceof NonFiniteGradientError) return nonFiniteFinding(this.run, batch, step, settings, { what: 'gradient', refused: error });
    return this.shortOf(error, settings, batch.examples);
  }

  /** Undefined for what is not about memory. */
  shortOf(error: unknown, settings: Settings, examples = settings.batchSize): Finding | undefined {
    const { backend, stepper, figures } = this.run;
    return outOfMemory(error, backend.name, stepper.isIntact && backend.failed?.() === undefined, figures.takePeak(), this.shortage(settings, examples));
  }

  /**
   * What is done about it: as the settings say, as far as that can be. That a loss has diverged is a judgement, not a fact: where nobody can
   * answer, a run that stops for nothing has lost the night, one that goes on for nothing some electricity.
   */
  actionOn({ kind, canGoOn }: Finding, { onAlarm }: Settings): AlarmEvent['action'] {
    if (!canGoOn || onAlarm === 'stop') return 'stopped';
    if (onAlarm === 'pause' && !this.isAnswered) return kind === 'divergence' ? 'noted' : 'stopped';
    if (onAlarm === 'pause') return 'paused';
    return kind === 'outOfMemory' || (kind === 'nonFinite' && this.skipped >= mostSkipped - 1) ? 'stopped' : 'noted';
  }

  /** `newest`: the checkpoint that holds the last good state. */
  told({ kind, message, layer, where, fix, isGood }: Finding, action: AlarmEvent['action'], step: number, newest: { readonly step: number; readonly checkpoint: string } | undefined): Told {
    const isNoted = kind === 'divergence' && action === 'noted';
    if (kind === 'divergence' && action === 'paused') this.hasDiverged = true;
    if (isNoted) this.diverged = newest === undefined ? {} : { checkpoint: newest.checkpoint };
    const kept = newest === undefined ? '' : isGood && newest.step === step ? ` The state is kept in ${newest.checkpoint}.`
      : ` The last good state is that of step ${newest.step}, in ${newest.checkpoint}${isNoted ? ', which is kept until the loss has come down again' : ''}.`;
    return {
      type: 'alarm', kind, step, action, message: `${message}${kept}${fix === undefined ? '' : ` ${fix.words}`}`,
      ...(layer === undefined ? {} : { layer }), ...(where === undefined ? {} : { where }), ...(fix === undefined ? {} : { fix }),
      ...(newest === undefined ? {} : { checkpoint: newest.checkpoint }),
    };
  }

  /** Somebody wants the run to go on after an alarm: what it is now is what it is compared with. */
  goOn({ kind }: Finding): void {
    this.hasDiverged = false;
    if (kind === 'divergence') this.divergence.forget();
  }

  noteSkipped(): void {
    this.skipped++;
  }

  private shortage(settings: Settings, examples: number): Omit<MemoryShortage, 'bytes' | 'over'> {
    return { settings, slice: Math.min(settings.microbatch ?? examples, examples), canBeCut: changed => this.run.memoryPlan.canCut(changed) };
  }
}

function divergedFinding({ median, best }: { readonly median: number; readonly best: number }, { learningRate }: Settings): Finding {
  const settings = { learningRate: third(learningRate) };
  return {
    kind: 'divergence', isGood: false, canGoOn: true,
    message: `The loss has diverged at learningRate ${learningRate}: half of the last steps are above ${median.toPrecision(4)}, where it had been ${best.toPrecision(4)}.`,
    fix: { settings, way: 'restart', words: `Go on from the last good state with ${settingsInWords(settings)}.` },
  };
}
