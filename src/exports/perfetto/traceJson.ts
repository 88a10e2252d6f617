/** A trace as Chrome's trace event format, for chrome://tracing and every other reader of it: one event a line. */
import type { TraceItem, TraceItems } from './traceItem';

const pid = 1;

export async function* traceJson(process: string, items: TraceItems): AsyncGenerator<string> {
  const threads = new Map<string, number>();
  yield `{"displayTimeUnit":"ms","traceEvents":[\n${JSON.stringify({ name: 'process_name', ph: 'M', pid, tid: 0, args: { name: process } })}`;
  for await (const item of items) {
    if (item.kind !== 'counter' && !threads.has(item.track)) {
      threads.set(item.track, threads.size + 1);
      yield `,\n${JSON.stringify({ name: 'thread_name', ph: 'M', pid, tid: threads.size, args: { name: item.track } })}`;
    }
    yield `,\n${JSON.stringify(eventOf(item, threads.get(item.track) ?? 0))}`;
  }
  yield '\n]}\n';
}

function eventOf(item: TraceItem, tid: number): object {
  if (item.kind === 'counter') return { name: item.track, ph: 'C', pid, ts: item.at, args: { [item.unit === 'bytes' ? 'bytes' : 'value']: item.value } };
  const { name, at: ts, details: args = {} } = item;
  return item.kind === 'slice' ? { name, ph: 'X', pid, tid, ts, dur: item.duration, args } : { name, ph: 'i', s: 't', pid, tid, ts, args };
}
