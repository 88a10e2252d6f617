/** The memory budget: a step whose highest instant is beyond it, told once until one is within it again or the settings for memory are others. */
import { formatMegabytes } from '../../protocol/format';
import { categoryLabels, phaseLabels } from '../../protocol/labels';
import { memoryFix, type MemoryShortage } from '../../protocol/memoryFix';
import type { MemorySample } from '../../protocol/runEvents';
import { categories, type Bytes } from '../../protocol/samples';
import { budgetBytesOf } from '../../settings/budgetBytes';
import { knob, knobNames, sectionOf, type Settings } from '../../settings/knobs';
import type { Finding } from './finding';

export type Highest = Pick<MemorySample, 'peakBytes' | 'peakPhase' | 'bytesAtPeak'>;

/** Settings that decide what a step holds and may change between two steps. */
const deciding = knobNames.filter(name => name === 'memoryBudget' || sectionOf(name) === 'memory' || knob(name).applies === 'remapState');

export class Budget {
  /** The settings that an alarm was raised for. */
  private told: string | undefined;

  note({ peakBytes, peakPhase, bytesAtPeak }: Highest, shortage: Omit<MemoryShortage, 'bytes' | 'over'>): Finding | undefined {
    const { settings } = shortage;
    const over = peakBytes - (budgetBytesOf(settings) ?? Infinity);
    if (over <= 0) {
      this.told = undefined;
      return undefined;
    }
    const now = memorySettings(settings);
    if (now === this.told) return undefined;
    this.told = now;
    const fix = memoryFix({ ...shortage, bytes: bytesAtPeak, over });
    const largest = largestOf(bytesAtPeak);
    return {
      kind: 'budget', isGood: true, canGoOn: true, fix,
      message: `The step held ${formatMegabytes(peakBytes)} at its highest instant, in the ${phaseLabels[peakPhase]}: ${formatMegabytes(over)} more than memoryBudget ${String(settings.memoryBudget)} allows. Most of it is ${largest}.`,
    };
  }

  save(): string | undefined {
    return this.told;
  }

  restore(told: string | undefined): void {
    this.told = told;
  }
}

/** The same for settings that hold the same bytes against the same budget. */
export function memorySettings(settings: Settings): string {
  return JSON.stringify(deciding.map(name => settings[name]));
}

/** `activations 12.3 MB and workspace 4.5 MB`. */
export function largestOf(bytes: Readonly<Bytes>): string {
  const most = categories.filter(category => bytes[category] > 0).sort((a, b) => bytes[b] - bytes[a]).slice(0, 2);
  return most.map(category => `${categoryLabels[category].toLowerCase()} ${formatMegabytes(bytes[category])}`).join(' and ');
}
