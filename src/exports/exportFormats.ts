/** What can be made of a run and of a step snapshot; the editor asks by these names. */
export const exportFormats = ['tensorboard', 'csv', 'jsonl', 'perfetto', 'trace-json', 'heapprofile', 'svg', 'png', 'markdown'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface FormatWords {
  readonly label: string;
  readonly about: string;
  /** Of what it can be made. */
  readonly of: readonly ('run' | 'snapshot')[];
  /** The file it becomes; absent where it becomes several, in a folder. */
  readonly file?: string;
  /** The folder that its files stand in where several formats are written. */
  readonly folder?: string;
}

export const formatWords: Readonly<Record<ExportFormat, FormatWords>> = {
  tensorboard: { label: 'TensorBoard', about: 'log folder: scalars, HParams, pictures, settings and changes as text', of: ['run'], folder: 'tensorboard' },
  csv: { label: 'CSV', about: 'every sample with all its figures, a row each', of: ['run'], file: 'samples.csv' },
  jsonl: { label: 'JSON Lines', about: 'every event as it was recorded', of: ['run'], file: 'events.jsonl' },
  perfetto: { label: 'Perfetto', about: 'trace for ui.perfetto.dev', of: ['run', 'snapshot'], file: 'trace.pftrace' },
  'trace-json': { label: 'Trace events (JSON)', about: 'the same trace for chrome://tracing and others', of: ['run', 'snapshot'], file: 'trace.json' },
  heapprofile: { label: 'Heap profile', about: 'what lives at the peak, for the viewer of VS Code and Chrome', of: ['run', 'snapshot'], file: 'peak.heapprofile' },
  svg: { label: 'SVG', about: 'every chart as a drawing', of: ['run', 'snapshot'], folder: 'charts' },
  png: { label: 'PNG', about: 'every chart as a picture', of: ['run', 'snapshot'], folder: 'charts' },
  markdown: { label: 'Markdown report', about: 'page with settings, results, memory and charts', of: ['run'] },
};

export function formatsOf(what: 'run' | 'snapshot'): ExportFormat[] {
  return exportFormats.filter(format => formatWords[format].of.includes(what));
}
