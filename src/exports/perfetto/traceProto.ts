/**
 * A trace in Perfetto's own format: a Trace is packets, each a description of a track or an event on one (trace_packet.proto,
 * track_event.proto, track_descriptor.proto, counter_descriptor.proto, debug_annotation.proto), by their published field numbers.
 */
import { double, part, whole } from '../protobuf';
import type { Details, TraceItem, TraceItems } from './traceItem';

const packet = { timestamp: 8, sequence: 10, event: 11, flags: 13, track: 60 } as const;
const track = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8 } as const;
const event = { annotation: 4, type: 9, track: 11, name: 23, counter: 30, doubleCounter: 44 } as const;
const annotation = { double: 5, text: 6, name: 10 } as const;
const types = { begin: 1, end: 2, instant: 3, counter: 4 } as const;
/** A writer's packets share a number; its first says that nothing before it counts. */
const [writer, cleared, bytesUnit, processTrack] = [1, 1, 3, 1];

export async function* traceProto(process: string, items: TraceItems): AsyncGenerator<Buffer> {
  const tracks = new Map<string, number>();
  yield packetOf([whole(packet.flags, cleared), part(packet.track, [whole(track.uuid, processTrack), part(track.name, process), part(track.process, [whole(1, 1), part(6, process)])])]);
  for await (const item of items) {
    // A counter and a track of slices may share a name.
    const key = `${item.kind === 'counter' ? 'counter' : 'slices'} ${item.track}`;
    const known = tracks.get(key);
    const uuid = known ?? processTrack + 1 + tracks.size;
    tracks.set(key, uuid);
    yield Buffer.concat([...known === undefined ? [described(uuid, item)] : [], ...eventsOf(item, uuid)]);
  }
}

function described(uuid: number, item: TraceItem): Buffer {
  const counter = item.kind === 'counter' ? [part(track.counter, item.unit === 'bytes' ? whole(3, bytesUnit) : Buffer.alloc(0))] : [];
  return packetOf([part(packet.track, [whole(track.uuid, uuid), part(track.name, item.track), whole(track.parent, processTrack), ...counter])]);
}

function eventsOf(item: TraceItem, uuid: number): Buffer[] {
  if (item.kind === 'counter') return [at(item.at, uuid, types.counter, Number.isSafeInteger(item.value) ? whole(event.counter, item.value) : double(event.doubleCounter, item.value))];
  const said = [part(event.name, item.name), ...annotations(item.details)];
  if (item.kind === 'instant') return [at(item.at, uuid, types.instant, ...said)];
  return [at(item.at, uuid, types.begin, ...said), at(item.at + item.duration, uuid, types.end)];
}

function at(microseconds: number, uuid: number, type: number, ...fields: readonly Buffer[]): Buffer {
  return packetOf([whole(packet.timestamp, Math.round(Math.max(0, microseconds) * 1000)), part(packet.event, [whole(event.type, type), whole(event.track, uuid), ...fields])]);
}

function annotations(details: Details = {}): Buffer[] {
  return Object.entries(details).map(([name, value]) => part(event.annotation, [part(annotation.name, name), typeof value === 'number' ? double(annotation.double, value) : part(annotation.text, value)]));
}

function packetOf(fields: readonly Buffer[]): Buffer {
  return part(1, [...fields, whole(packet.sequence, writer)]);
}
