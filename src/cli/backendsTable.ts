/** Rows of the bench of the backends, all of one model, as a table for a terminal. */
import { agreement } from '../bench/backends/agreement';
import { benchModels } from '../bench/backends/benchModels';
import { countParameters } from '../bench/backends/benchModel';
import type { BackendRow } from '../bench/backends/contestant';
import { formatCount } from '../protocol/format';
import { formatTable } from './table';

export function backendsTable(rows: readonly BackendRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const unit = unitOf(rows);
  const head = ['backend', 'version', 'step ms', '10 % to 90 %', ...unit === undefined ? [] : [`x ${unit.name}`], 'loss after 50', ''];
  const body = rows.map(row => [
    row.backend, row.version ?? '', milliseconds(row.stepMs), row.spreadMs === null ? '' : row.spreadMs.map(milliseconds).join(' to '),
    ...unit === undefined ? [] : [row.stepMs === null ? '' : (row.stepMs / unit.stepMs).toFixed(2)],
    row.lossAfter50 === null ? '' : row.lossAfter50.toPrecision(6), remark(row),
  ]);
  const parameters = countParameters(benchModels[first.model]());
  return [`${first.model}, ${formatCount(parameters)} parameters`, formatTable([head, ...body], [2, 3, 4, 5].slice(0, head.length - 3)), ...verdict(rows)].join('\n');
}

/** TensorFlow's own kernels where they were timed, else the fastest. */
function unitOf(rows: readonly BackendRow[]): { readonly name: string; readonly stepMs: number } | undefined {
  const timed = rows.flatMap(({ backend: name, stepMs }) => (stepMs === null ? [] : [{ name, stepMs }]));
  if (timed.length < 2) return undefined;
  const [fastest] = timed.toSorted((a, b) => a.stepMs - b.stepMs);
  return timed.find(({ name }) => name === 'tensorflow') ?? fastest;
}

function remark({ device, software, failure }: BackendRow): string {
  return [...device === null ? [] : [`${software ? 'software: ' : ''}${device}`], ...failure === null ? [] : [`failed: ${failure}`]].join('; ');
}

function verdict(rows: readonly BackendRow[]): string[] {
  const found = agreement(rows);
  if (found === undefined) return [];
  const apart = found.apart < 1e-6 ? 'within 0.0001 %' : `${(100 * found.apart).toPrecision(2)} % apart`;
  return [found.agrees ? `  The losses agree: ${apart}.` : `  THE LOSSES DIFFER: ${apart}.`];
}

function milliseconds(value: number | null): string {
  return value === null ? '' : value >= 99.95 ? value.toFixed(0) : value.toPrecision(3);
}
