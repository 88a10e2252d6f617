/** How the panel writes its figures, beside what it shares with the terminal and the status bar. */
import { formatBytes, formatCount, minus } from '../src/protocol/format';
import { knob, type KnobName } from '../src/settings/knobs';
import type { ParameterGroup } from '../src/settings/parameterGroups';

/** Stands where nothing was measured. */
export const absent = '–';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
/** Knobs that are shared out of a hundred when shown. */
const percentKnobs: ReadonlySet<string> = new Set<KnobName>(['density', 'validationFraction', 'weightDensity', 'rewireUntil', 'rewireFraction']);

/** Without zeros that say nothing, for the round figures of an axis: `8 MiB`. */
export function formatByteMark(bytes: number): string {
  const [digits = '', unit = ''] = formatBytes(bytes).split(' ');
  return `${trimZeros(digits)} ${unit}`;
}

/** To the byte, for tooltips: `1,234,567 bytes`. */
export function formatExactBytes(bytes: number): string {
  return `${formatCount(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

export function formatBytesPerParameter(bytes: number): string {
  if (bytes > 0 && bytes < 0.005) return '< 0.01';
  return bytes >= 999.5 ? grouped.format(bytes) : bytes.toFixed(2);
}

/** A fraction as percent: `94.1 %`, `0.25 %`, `100 %`. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  if (percent !== 0 && Math.abs(percent) < 0.01) return percent > 0 ? '< 0.01 %' : `> ${minus}0.01 %`;
  return `${trimZeros(percent.toFixed(Math.abs(percent) < 10 ? 2 : 1))} %`;
}

/** With fixed places, so that a column or a live figure does not jump: `94.10 %`. */
export function formatAccuracy(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}

/** 4 significant digits; a power of ten where there are many zeros. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return String(loss);
  const size = Math.abs(loss);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? loss.toExponential(3) : loss.toPrecision(4);
}

/** Events per second, 3 significant digits. */
export function formatRate(perSecond: number): string {
  return perSecond >= 999.5 ? grouped.format(Number(perSecond.toPrecision(3))) : trimZeros(perSecond.toPrecision(3));
}

/** A setting as the panel writes it: `0.25 %`, `1e-7`, `on`, `one global block`, `bias$: weight decay 0`. */
export function formatSetting(name: KnobName, value: unknown): string {
  const entry = knob(name);
  if (entry.kind === 'groups') return formatGroups(value as readonly ParameterGroup[]).join('; ');
  if (value === null && (entry.kind === 'number' || entry.kind === 'path')) return entry.nullMeans ?? absent;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return String(value);
  if (unitOf(name) !== '') return `${boxValue(name, value)} ${unitOf(name)}`;
  return entry.kind === 'number' && entry.integer ? String(value) : shortest(value).length > 6 && Math.abs(value) < 1e-4 ? Number(value.toPrecision(12)).toExponential() : shortest(value);
}

/** What each parameter group says, one after the other; a single "none" where there is none. */
export function formatGroups(groups: readonly ParameterGroup[]): readonly string[] {
  return groups.length === 0 ? ['none'] : groups.map(({ match, dimensions, learningRateScale, weightDecay, exact }) => {
    const which = [...(typeof match === 'string' ? [match] : []), ...(dimensions === undefined ? [] : [`${dimensions}-D`])].join(', ');
    const what = [
      ...(learningRateScale === undefined ? [] : [`learning rate × ${shortest(learningRateScale)}`]),
      ...(weightDecay === undefined ? [] : [`weight decay ${shortest(weightDecay)}`]),
      ...(exact === undefined ? [] : [exact ? 'kept exactly' : 'compressed']),
    ];
    return `${which === '' ? 'all' : which}: ${what.length === 0 ? 'as the rest' : what.join(', ')}`;
  });
}

/** The unit written after the number box of a knob. */
export function unitOf(name: KnobName): string {
  return percentKnobs.has(name) ? '%' : name === 'recomputeBudget' || name === 'memoryBudget' ? 'MB' : '';
}

/** What the number box of a knob holds for a value. */
export function boxValue(name: KnobName, value: number): string {
  return shortest(percentKnobs.has(name) ? value * 100 : value);
}

/** The value that a text in the number box of a knob means; undefined where it is none, null where emptiness means something. */
export function valueOfBox(name: KnobName, text: string): number | null | undefined {
  const entry = knob(name);
  const typed = Number(text);
  if (text.trim() === '') return entry.kind === 'number' && entry.nullMeans !== undefined ? null : undefined;
  if (!Number.isFinite(typed)) return undefined;
  return percentKnobs.has(name) ? Number((typed / 100).toPrecision(12)) : typed;
}

/** As few digits as say the value to 12 places: `0.1`, not `0.30000000000000004`. */
export function shortest(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function trimZeros(digits: string): string {
  return digits.includes('.') && !digits.includes('e') ? digits.replace(/\.?0+$/, '') : digits;
}
