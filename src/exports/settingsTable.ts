/** Settings in Markdown tables: all that a run reads, or those that differ from its optimizer's defaults. */
import { isRead } from '../settings/isRead';
import { defaultOf, knob, knobNames, type KnobName, type Settings } from '../settings/knobs';

export function settingText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function differs(name: KnobName, settings: Settings): boolean {
  return JSON.stringify(settings[name]) !== JSON.stringify(defaultOf(name, settings.optimizer));
}

/** Settings that a run reads; those that do not differ from their defaults only where all are asked for. */
export function settingsTable(settings: Settings, which: 'read' | 'changed'): string {
  const names = knobNames.filter(name => isRead(name, settings) && (which === 'read' || differs(name, settings)));
  return markdownTable(['Setting', 'Value', 'Default'], names.map(name => [`${knob(name).label} (\`${name}\`)`, settingText(settings[name]), settingText(defaultOf(name, settings.optimizer))]));
}

/** `right`: numbers of the columns that stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map((_, column) => right.includes(column) ? '---:' : '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
