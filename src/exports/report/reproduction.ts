/** The command that trains a run again, from the beginning and with the settings it began with. */
import { assignmentOf } from '../../settings/assignment';
import { knobNames, type Settings } from '../../settings/knobs';
import { presetNames, presets } from '../../settings/presets';
import type { RecordedRun } from '../recordedRun';
import { differs } from '../settingsTable';

export function reproduction({ record: { source }, settings, state: { changes } }: RecordedRun): string {
  const preset = presetNames.find(name => name === source.name);
  const command = source.kind === 'file' ? `efcp train ${quoted(source.name)}` : `efcp train ${source.name} ${assignments(settings, preset === undefined ? {} : presets[preset].settings)}`.trimEnd();
  const note = source.kind === 'file' ? ' The file must be as it was; settings given beside it are in the table of settings.' : '';
  const changed = changes.length === 0 ? 'The same bits come out on the same backend and version of Node.' : 'It trains as the run began; what was changed while it went on must be changed again.';
  return `## Train it again\n\n\`\`\`sh\n${command}\n\`\`\`\n\n${changed}${note}`;
}

/** Settings that the preset does not say already. */
function assignments(settings: Settings, said: Partial<Settings>): string {
  return knobNames.filter(name => name !== 'optimizer' || said.optimizer !== settings.optimizer)
    .filter(name => Object.hasOwn(said, name) ? JSON.stringify(said[name]) !== JSON.stringify(settings[name]) : differs(name, settings))
    .map(name => `--set ${quoted(assignmentOf(name, settings[name]))}`).join(' ');
}

function quoted(text: string): string {
  return /^[\w./=:-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
