/** The files of each format for a run, and for a step snapshot. */
import type { KnobName } from '../settings/knobs';
import { peakOf } from '../protocol/snapshot/peak';
import { livesOf } from '../protocol/snapshot/lives';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import { csvRows } from './csv';
import { runCharts } from './charts/runCharts';
import { snapshotCharts } from './charts/snapshotCharts';
import { formatWords, type ExportFormat } from './exportFormats';
import { wholeFile, type ExportFile } from './exportFile';
import { runProfile, snapshotProfile } from './heapProfile';
import { runTrace } from './perfetto/runTrace';
import { snapshotTrace } from './perfetto/snapshotTrace';
import { traceJson } from './perfetto/traceJson';
import { traceProto } from './perfetto/traceProto';
import type { TraceItems } from './perfetto/traceItem';
import { pictureOf, pixelsOf } from './pictures/picture';
import { png } from './pictures/png';
import type { Scene } from './pictures/scene';
import type { RecordedRun } from './recordedRun';
import { reportPage } from './report/reportPage';
import { eventFileName, tensorBoardRecords, type Picture } from './tensorBoard/eventFile';

/** Charts that TensorBoard cannot draw from the scalars. */
const inTensorBoard = ['breakdown', 'memory', 'state'];

/** `names`: the settings of the experiment that TensorBoard is told of. */
export function runExport(format: ExportFormat, run: RecordedRun, names: readonly KnobName[]): ExportFile[] {
  const { file = '' } = formatWords[format];
  switch (format) {
    case 'tensorboard': return [{ name: `${run.record.id}/${eventFileName(run)}`, chunks: () => tensorBoardRecords(run, names, pictures(run)) }];
    case 'csv': return [{ name: file, chunks: () => csvRows(run) }];
    case 'jsonl': return [{ name: file, chunks: () => run.lines() }];
    case 'perfetto':
    case 'trace-json': return [trace(format, run.record.name, () => runTrace(run))];
    case 'heapprofile': {
      const profile = runProfile(run);
      return profile === undefined ? [] : [wholeFile(file, () => JSON.stringify(profile))];
    }
    case 'svg':
    case 'png': return chartFiles(format, runCharts(run));
    case 'markdown': {
      const charts = runCharts(run);
      return [wholeFile('report.md', () => reportPage(run, charts)), ...chartFiles('svg', charts).map(chart => ({ ...chart, name: `charts/${chart.name}` }))];
    }
  }
}

export function snapshotExport(format: ExportFormat, snapshot: StepSnapshot): ExportFile[] {
  const lives = livesOf(snapshot);
  const { about } = snapshot;
  if (format === 'perfetto' || format === 'trace-json') return [trace(format, `${about.model}, step ${about.step}`, () => snapshotTrace(lives))];
  if (format === 'heapprofile') return [wholeFile(formatWords[format].file ?? '', () => JSON.stringify(snapshotProfile(peakOf(snapshot, lives))))];
  return format === 'svg' || format === 'png' ? chartFiles(format, snapshotCharts(lives)) : [];
}

function trace(format: 'perfetto' | 'trace-json', process: string, items: () => TraceItems): ExportFile {
  return { name: formatWords[format].file ?? '', chunks: () => format === 'perfetto' ? traceProto(process, items()) : traceJson(process, items()) };
}

function chartFiles(format: 'svg' | 'png', charts: ReadonlyMap<string, Scene>): ExportFile[] {
  return Array.from(charts, ([name, scene]) => wholeFile(`${name}.${format}`, () => pictureOf(scene, format)));
}

function pictures(run: RecordedRun): Picture[] {
  return Array.from(runCharts(run)).filter(([name]) => inTensorBoard.includes(name)).map(([name, scene]) => {
    const pixels = pixelsOf(scene);
    return { name, width: pixels.width, height: pixels.height, bytes: png(pixels, scene.title) };
  });
}
