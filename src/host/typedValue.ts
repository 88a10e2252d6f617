/** What a text that somebody typed means for a knob. Where it means nothing it is handed on: the table of settings says what is wrong with it. */
import type { Knob } from '../settings/knob';

export function typedValue(entry: Knob, text: string): unknown {
  const trimmed = text.trim();
  switch (entry.kind) {
    case 'names': return trimmed === '' ? [] : trimmed.split(',').map(name => name.trim());
    case 'path': return trimmed === '' ? null : trimmed;
    case 'number': return trimmed === '' && entry.nullMeans !== undefined ? null : trimmed === '' || Number.isNaN(Number(trimmed)) ? text : Number(trimmed);
    case 'choice': case 'switch': case 'groups': return text;
  }
}
