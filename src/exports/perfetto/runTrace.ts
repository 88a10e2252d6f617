/**
 * A run as a trace: a counter for each figure, slices for what took a known time, instants for what happened. A sample says how many
 * steps it covers and how long one took; the slice ends when the sample was recorded, and begins no earlier than the one before ended.
 * A counter holds until its next value, so one that stays as it is is not written again: of a long run that is most of them.
 */
import { categories } from '../../protocol/samples';
import type { RunEvent, SampleEvent } from '../../protocol/runEvents';
import { figures } from '../figures';
import type { RecordedRun } from '../recordedRun';
import { settingText } from '../settingsTable';
import type { Details, TraceItem } from './traceItem';

const [steps, happenings, saving] = ['Steps', 'Changes, validations, alarms', 'Preparing, pauses, checkpoints'];
const microseconds = 1000;
/** Bytes by category are counters of their own; so is what is not of memory. */
const shown = figures.filter(({ name }) => !/^(peak|stored|live)\./.test(name));

export async function* runTrace(run: RecordedRun): AsyncGenerator<TraceItem> {
  let free = 0;
  const counted = new Map<string, number>();
  const isNews = (item: TraceItem) => item.kind !== 'counter' || counted.get(item.track) !== item.value;
  let open: { readonly name: string; readonly at: number } | undefined;
  for await (const event of run.counted()) {
    const at = event.time * microseconds;
    const wait = open;
    if (wait !== undefined && endsWait(event)) {
      yield { kind: 'slice', track: saving, name: wait.name, at: wait.at, duration: at - wait.at };
      open = undefined;
    }
    if (event.type === 'preparing') open = { name: event.what, at };
    if (event.type === 'paused') open = { name: 'paused', at };
    if (event.type === 'sample') {
      const begin = Math.max(free, at - event.steps * event.stepMs * microseconds);
      for (const item of sampleItems(event, begin, at)) {
        if (!isNews(item)) continue;
        if (item.kind === 'counter') counted.set(item.track, item.value);
        yield item;
      }
      free = at;
    }
    yield* happened(event, at);
  }
}

function endsWait(event: RunEvent): boolean {
  return ['preparing', 'started', 'resumed', 'finished', 'restored'].includes(event.type);
}

function* sampleItems(sample: SampleEvent, begin: number, end: number): Generator<TraceItem> {
  const { step, steps: covered, loss, stepMs, memory } = sample;
  const name = covered === 1 ? `step ${step}` : `steps ${step - covered + 1} to ${step}`;
  yield { kind: 'slice', track: steps, name, at: begin, duration: Math.max(0, end - begin), details: { loss, 'ms a step': stepMs, 'peak bytes': memory.peakBytes, 'peak in': memory.peakPhase } };
  for (const category of categories) yield { kind: 'counter', track: `peak: ${category}`, unit: 'bytes', at: end, value: memory.bytesAtPeak[category] };
  for (const { name: figure, of } of shown) {
    const value = of(sample);
    if (value !== undefined && Number.isFinite(value)) yield { kind: 'counter', track: figure, unit: /^(memory|state|held)\./.test(figure) ? 'bytes' : 'other', at: end, value };
  }
}

function* happened(event: RunEvent, at: number): Generator<TraceItem> {
  const instant = (name: string, details: Details = {}): TraceItem => ({ kind: 'instant', track: happenings, name, at, details });
  if (event.type === 'validation') {
    yield instant('validation', { step: event.step, loss: event.loss, ...event.accuracy === undefined ? {} : { accuracy: event.accuracy } });
    yield { kind: 'counter', track: 'validation.loss', unit: 'other', at, value: event.loss };
  }
  if (event.type === 'applied') yield instant(`change: ${Object.entries(event.to).map(([name, value]) => `${name} = ${settingText(value)}`).join(', ')}`, { step: event.step, 'state bytes before': event.stateBytesBefore, 'state bytes after': event.stateBytesAfter });
  if (event.type === 'alarm') yield instant(`alarm: ${event.kind}`, { step: event.step, message: event.message });
  if (event.type === 'snapshot') yield instant('snapshot', { step: event.step, file: event.file, 'peak bytes': event.peakBytes });
  if (event.type === 'restored') yield instant('restored', { step: event.step, checkpoint: event.checkpoint });
  if (event.type === 'finished') yield instant(event.reason, { steps: event.steps, ...event.message === undefined ? {} : { message: event.message } });
  if (event.type === 'saved') yield { kind: 'slice', track: saving, name: `checkpoint of step ${event.step}`, at: at - event.ms * microseconds, duration: event.ms * microseconds, details: { bytes: event.bytes } };
}
