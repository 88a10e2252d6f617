/** Asks Perfetto's own schema. Its trace processor is a program that no registry has. */
import { askPython } from './askPython';

export interface PerfettoAnswer {
  /** Fields that the schema does not know. */
  readonly unknown: number;
  readonly counters: number;
  readonly instants: number;
  readonly slices: number;
  /** Slices that never end. */
  readonly open: number;
  /** Events of a track that stand after a later one. */
  readonly backwards: number;
}

export function askPerfetto(file: string): PerfettoAnswer | { readonly missing: string } {
  const asked = askPython('perfetto', 'askPerfetto.py', file);
  return 'missing' in asked ? asked : asked.answer as PerfettoAnswer;
}
