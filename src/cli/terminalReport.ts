/** A run in words: one live line where there is a terminal, a line per epoch everywhere, a table of bytes at the end. */
import type { UsedBackend } from '../protocol/backends';
import { dispatch, type Handlers } from '../protocol/handlers';
import type { FinishedEvent, RestoredEvent, RunEvent, SampleEvent, StartedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { heldLabels, heldNames } from '../protocol/heldBytes';
import { categories, higherStored, threeWay, type Bytes } from '../protocol/samples';
import { isUsedBy, knob, type KnobName } from '../settings/knobs';
import type { Optimizer } from '../settings/optimizers';
import { stateParts, totalBytes } from '../settings/stateBytes';
import { formatBytes, formatDuration, formatShare } from '../protocol/format';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import { comparisonLines } from './comparisonLines';
import { diagnosticsLine } from './diagnosticsLine';
import { savingsLine, storedLine } from './memoryLines';
import { formatTable } from './table';

const barWidth = 24;

export class TerminalReport {
  private started: StartedEvent | undefined;
  private latest: SampleEvent | undefined;
  private diagnostics: DiagnosticsSample | undefined;
  private stored: Bytes | undefined;
  private readonly handlers: Handlers<RunEvent>;

  constructor(private readonly out: NodeJS.WriteStream, private readonly record: RunRecord, private readonly folder: string) {
    this.handlers = {
      preparing: ({ what }) => { this.line(what); },
      started: event => { this.start(event); },
      sample: event => {
        this.latest = event;
        this.stored = higherStored(this.stored, event.memory.storedPeak);
        this.diagnostics = event.diagnostics ?? this.diagnostics;
        if (this.out.isTTY) this.live(event);
      },
      validation: ({ step, loss, accuracy }) => { this.line(`${this.place(step)}  validation loss ${loss.toFixed(4)}${accuracyIn(accuracy)}${this.training()}`); },
      applied: ({ step, from, to, stateBytesBefore, stateBytesAfter }) => {
        const changes = Object.keys(to).map(name => `${name} ${inWords(name, from[name])} to ${inWords(name, to[name])}`);
        this.line(`step ${step}: ${changes.join(', ')}  optimizer state ${formatBytes(stateBytesBefore)} to ${formatBytes(stateBytesAfter)}`);
      },
      rejected: ({ step, message }) => { this.line(`step ${step}: change refused: ${message}`); },
      paused: ({ step }) => { this.line(`step ${step}: paused`); },
      resumed: ({ step }) => { this.line(`step ${step}: resumed`); },
      saved: ({ step, checkpoint, bytes, ms }) => { this.line(`step ${step}: saved ${checkpoint} (${formatBytes(bytes)}, ${Math.round(ms)} ms)`); },
      notSaved: ({ step, message }) => { this.line(`step ${step}: not saved: ${message}`); },
      snapshot: ({ step, file, events, bytes, peakBytes }) => { this.line(`step ${step}: recorded ${file} (${events.toLocaleString('en')} events, ${formatBytes(bytes)}), peak ${formatBytes(peakBytes)}`); },
      alarm: ({ step, message, action }) => { this.line(`step ${step}: alarm, ${action}: ${message}`); },
      restored: event => { this.restore(event); },
      finished: event => { this.finish(event); },
    };
  }

  show(event: RunEvent): void {
    dispatch(this.handlers, event);
  }

  private start(event: StartedEvent): void {
    this.started = event;
    this.line(`${this.record.name}: ${String(event.settings['optimizer'])} on ${event.parameterCount.toLocaleString('en')} parameters, ${event.trainExamples} training and ${event.validationExamples} validation examples`);
    if (event.leftOut !== undefined) this.line(`left out: ${event.leftOut.map(({ lines, what }) => `${lines.toLocaleString('en')} ${what}`).join(', ')}`);
    this.line(backendLine(event.backend));
    this.line(`run kept in ${this.folder}`);
  }

  private restore({ step, checkpoint, settings, totalSteps, backend, refused }: RestoredEvent): void {
    const isElsewhere = backend.name !== this.started?.backend.name || backend.version !== this.started.backend.version;
    this.started = this.started && { ...this.started, settings, totalSteps, backend };
    for (const { checkpoint: name, message } of refused) this.line(`passed over ${name}: ${message}`);
    this.line(`restored from ${checkpoint}: goes on after step ${step} of ${totalSteps}; what was recorded of later steps no longer counts`);
    if (isElsewhere) this.line(backendLine(backend));
  }

  private live(event: SampleEvent): void {
    const total = this.started?.totalSteps ?? event.step;
    const done = event.step / total;
    const filled = Math.round(barWidth * done);
    const examples = this.started && this.started.trainExamples / this.started.stepsPerEpoch;
    const text = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${event.step}/${total}  loss ${event.loss.toFixed(4)}${accuracyIn(event.accuracy)}  `
      + `peak ${formatBytes(event.memory.peakBytes)}  ${examples === undefined ? '' : `${Math.round(1000 * examples / event.stepMs)} examples/s  `}${formatDuration((total - event.step) * event.stepMs)} left`;
    this.out.write(`\r\x1b[2K${text.slice(0, this.out.columns - 1)}`);
  }

  private line(text: string): void {
    this.out.write(`${this.out.isTTY ? '\r\x1b[2K' : ''}${text}\n`);
  }

  private place(step: number): string {
    const epoch = step / (this.started?.stepsPerEpoch ?? 1);
    return `epoch ${Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1)}/${String(this.started?.settings['epochs'])}  step ${step}`;
  }

  private training(): string {
    return this.latest === undefined ? '' : `  training loss ${this.latest.loss.toFixed(4)}  peak ${formatBytes(this.latest.memory.peakBytes)}`;
  }

  private finish({ reason, message, steps, time, bytesAtPeak, peakBytes, storedPeak, comparison }: FinishedEvent): void {
    this.line(`${reason} after ${steps} steps in ${formatDuration(time)}${message === undefined ? '' : `: ${message}`}`);
    if (this.diagnostics !== undefined) this.line(diagnosticsLine(this.diagnostics));
    const savings = this.latest && savingsLine(this.latest);
    if (savings !== undefined) this.line(savings);
    if (bytesAtPeak === undefined || peakBytes === undefined || peakBytes === 0) return;
    const { model, optimizer, activations, beside } = threeWay(bytesAtPeak);
    const share = (bytes: number) => formatShare(bytes / peakBytes);
    this.line(`\nlive bytes at the peak: ${formatBytes(peakBytes)} (model ${share(model)}, optimizer ${share(optimizer)}, activations ${share(activations)}, beside them ${share(beside)})`);
    this.line(formatTable(categories.map(category => [category, formatBytes(bytesAtPeak[category]), share(bytesAtPeak[category])]), [1, 2]));
    const stored = higherStored(storedPeak, this.stored);
    if (stored !== undefined) this.line(`\n${storedLine(stored)}`);
    if (comparison !== undefined) this.line(comparisonLines(comparison, steps));
    this.beside();
    const parts = this.latest?.memory.stateBytes;
    if (parts === undefined || totalBytes(parts) === 0) return;
    const perParameter = (bytes: number) => `${(bytes / (this.started?.parameterCount ?? 1)).toFixed(2)} B/parameter`;
    const dense = isUsedBy('window', this.started?.settings['optimizer'] as Optimizer) ? `, a dense window ${4 * Number(this.started?.settings['window'])}` : '';
    this.line(`\noptimizer state: ${formatBytes(totalBytes(parts))}, ${perParameter(totalBytes(parts))} (AdamW 8${dense})`);
    this.line(formatTable(stateParts.flatMap(part => parts[part] === undefined ? [] : [[part, formatBytes(parts[part]), perParameter(parts[part])]]), [1, 2]));
  }

  /** As last measured; what nobody measured is left out. */
  private beside(): void {
    const { held = {} } = this.latest?.memory ?? {};
    const rows = heldNames.flatMap(name => held[name] === undefined ? [] : [[heldLabels[name], formatBytes(held[name])]]);
    if (rows.length > 0) this.line(`\nbeside the exact count, at the last step\n${formatTable(rows, [1])}`);
  }
}

/** Absent where nothing can be right or wrong. */
function accuracyIn(accuracy: number | undefined): string {
  return accuracy === undefined ? '' : `  accuracy ${formatShare(accuracy)}`;
}

function backendLine({ name, version, device, reason }: UsedBackend): string {
  return `backend ${name} ${version}${device === undefined ? '' : ` on ${device}`} (${reason})`;
}

function inWords(name: string, value: unknown): string {
  const entry = knob(name as KnobName);
  return value === null && entry.kind === 'number' ? entry.nullMeans ?? 'null' : String(value);
}
