/** Settings in Markdown tables: all that a run reads, or what anybody asks for and those that differ from its optimizer's defaults. */
import { isRead } from '../settings/isRead';
import { defaultOf, knob, knobNames, type KnobName, type Settings } from '../settings/knobs';

export function settingText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function differs(name: KnobName, settings: Settings): boolean {
  return JSON.stringify(settings[name]) !== JSON.stringify(defaultOf(name, settings.optimizer));
}

/** As a reader wants it: what null means, not that it is null. */
export function settingWords(name: string, value: unknown): string {
  const known = knobNames.find(each => each === name);
  const entry = known && knob(known);
  return value === null && entry !== undefined && 'nullMeans' in entry ? entry.nullMeans : settingText(value);
}

/** Shown even where they are as usual. */
const alwaysShown: readonly KnobName[] = ['model', 'data', 'optimizer', 'epochs', 'batchSize', 'learningRate', 'seed'];

/** Settings that a run reads: all of them, or the usual ones and those that differ from their defaults. */
export function settingsTable(settings: Settings, which: 'all' | 'telling'): string {
  const names = knobNames.filter(name => isRead(name, settings) && (which === 'all' || alwaysShown.includes(name) || differs(name, settings)));
  return markdownTable(['Setting', 'Value', 'Default'], names.map(name => [`${knob(name).label} (\`${name}\`)`, settingWords(name, settings[name]), settingWords(name, defaultOf(name, settings.optimizer))]));
}

/** `right`: numbers of the columns that stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map((_, column) => right.includes(column) ? '---:' : '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
