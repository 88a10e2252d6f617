import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { snapshotProfile, runProfile } from '../../../src/exports/heapProfile';
import { runTrace } from '../../../src/exports/perfetto/runTrace';
import { snapshotTrace } from '../../../src/exports/perfetto/snapshotTrace';
import { traceJson } from '../../../src/exports/perfetto/traceJson';
import { traceProto } from '../../../src/exports/perfetto/traceProto';
import type { TraceItem, TraceItems } from '../../../src/exports/perfetto/traceItem';
import { readRun } from '../../../src/exports/recordedRun';
import { categoryLabels } from '../../../src/protocol/labels';
import { categories } from '../../../src/protocol/samples';
import { livesOf } from '../../../src/protocol/snapshot/lives';
import { peakOf } from '../../../src/protocol/snapshot/peak';
import { askPerfetto } from '../../support/askPerfetto';
import { naiveBytes, naiveInstants } from '../../support/naiveSnapshot';
import { networkSnapshot } from '../../support/networkSnapshot';
import { randomSnapshots } from '../../support/randomSnapshot';
import { Message } from '../../support/readProtobuf';
import { gathered, writeExample } from '../../support/recordedExample';
import { SnapshotBuilder } from '../../support/snapshotBuilder';

type Written = { readonly ph: string; readonly name: string; readonly ts: number; readonly dur?: number; readonly tid: number; readonly args: Readonly<Record<string, unknown>> };

describe('exports: traces and heap profiles', () => {
  let folder: string;
  before(() => { folder = writeExample(mkdtempSync(path.join(tmpdir(), 'efcp-export-'))); });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  const items = async (of: TraceItems) => {
    const found: TraceItem[] = [];
    for await (const item of of) found.push(item);
    return found;
  };
  const small = networkSnapshot({ layers: 4, scratch: 1 });

  it('of a run has a slice for each sample, pauses and checkpoints, and none overlaps', async () => {
    const all = await items(runTrace(await readRun(folder)));
    const slices = all.filter(item => item.kind === 'slice');
    assert.deepEqual(slices.filter(({ track }) => track === 'Steps').map(({ name }) => name), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20].map(step => `steps ${step - 1} to ${step}`));
    assert.deepEqual(slices.find(({ name }) => name === 'paused'), { kind: 'slice', track: 'Preparing, pauses, checkpoints', name: 'paused', at: 295_000, duration: 100_000 });
    assert.deepEqual(slices.filter(({ name }) => name.startsWith('checkpoint')).map(({ duration }) => duration), [4000, 1000]);
    assertApart(all);
    const happened = all.flatMap(item => item.kind === 'instant' ? [item.name] : []);
    assert.deepEqual(happened, ['validation', 'change: density = 0.005', 'stopped', 'restored', 'alarm: budget', 'validation', 'completed']);
    const peaks = all.flatMap(item => item.kind === 'counter' && item.track === 'memory.peak' ? [item.value] : []);
    assert.equal(peaks.length, 10);
  });

  it('of a step counts at every instant what walking through it counts, and its slices do not overlap', async () => {
    const all = await items(snapshotTrace(livesOf(small)));
    assertApart(all);
    const { time } = small.events;
    const naive = naiveInstants(small).map(live => naiveBytes(small, live));
    for (const category of categories) {
      const counted = all.flatMap(item => item.kind === 'counter' && item.track === `live: ${category}` ? [item] : []);
      for (const { at, value } of counted) {
        const then = naive.flatMap((bytes, event) => Math.abs(time[event]! * 1000 - at) < 1e-6 ? [bytes[category]] : []);
        assert.ok(then.includes(value), `${category} at ${at}`);
      }
    }
    const peak = Math.max(...all.flatMap(item => item.kind === 'counter' && item.track === 'live: all' ? [item.value] : []));
    assert.equal(peak, peakOf(small).total);
    assert.deepEqual(all.flatMap(item => item.kind === 'slice' && item.track === 'Phases' ? [item.name] : []), ['forward', 'backward', 'update']);
  });

  it('is the same in Perfetto\'s format and as JSON', async () => {
    for (const make of [() => snapshotTrace(livesOf(small)), async function* () { yield* runTrace(await readRun(folder)); }]) {
      const all = await items(make());
      const { traceEvents } = JSON.parse((await gathered(traceJson('a "name"', make()))).toString()) as { traceEvents: Written[] };
      const threads = new Map(traceEvents.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args['name']]));
      const written = traceEvents.filter(({ ph }) => ph !== 'M').map(({ ph, name, ts, dur, tid, args }) => ph === 'C' ? ['counter', name, ts, args['bytes'] ?? args['value']] : [ph === 'X' ? 'slice' : 'instant', threads.get(tid), ts, name, ...ph === 'X' ? [dur] : []]);
      const expected = all.map(item => item.kind === 'counter' ? ['counter', item.track, item.at, item.value] : [item.kind, item.track, item.at, item.name, ...item.kind === 'slice' ? [item.duration] : []]);
      assert.deepEqual(written, expected);
      assert.deepEqual(await readProto(make()), expected.map(row => row.map(cell => typeof cell === 'number' ? Number(cell.toPrecision(9)) : cell)));
    }
  });

  it('of a step is a heap profile whose sizes are the peak, and whose buffers lead to the code', () => {
    const step = new SnapshotBuilder();
    step.there(1000, 'parameters', { layer: 'conv1', shape: '10x25' });
    for (let count = 0; count < 2; count++) step.born(400, 'activations', { layer: 'conv1', operation: 'Conv2D', shape: '100', source: '/models/my model.ts:12' });
    const { head, samples } = snapshotProfile(peakOf(step.build()));
    assert.equal(samples.reduce((sum, { size }) => sum + size, 0), 1800);
    const [parameters, activations] = head.children;
    assert.equal(parameters!.children[0]!.children[0]!.selfSize, 1000);
    const leaf = activations!.children[0]!.children[0]!;
    assert.deepEqual(leaf.callFrame, { functionName: '2 × Conv2D float32 100', scriptId: '0', url: 'file:///models/my%20model.ts', lineNumber: 11, columnNumber: 0 });
    assert.deepEqual([activations!.callFrame.functionName, activations!.children[0]!.callFrame.functionName, leaf.selfSize], ['Activations', 'conv1', 800]);
    const ids = (node: typeof head): number[] => [node.id, ...node.children.flatMap(ids)];
    assert.equal(new Set(ids(head)).size, ids(head).length);
    assert.ok(samples.every(({ nodeId }) => ids(head).includes(nodeId)));
  });

  it('of any step is a heap profile whose sizes sum to the live bytes at the peak, category by category', () => {
    fc.assert(fc.property(randomSnapshots(200), snapshot => {
      const peak = peakOf(snapshot);
      const { head, samples } = snapshotProfile(peak);
      const sizes = (node: typeof head): number => node.selfSize + node.children.reduce((sum, child) => sum + sizes(child), 0);
      assert.deepEqual([sizes(head), samples.reduce((sum, { size }) => sum + size, 0)], [peak.total, peak.total]);
      const byCategory = new Map(head.children.map(node => [node.callFrame.functionName, sizes(node)]));
      for (const category of categories) assert.equal(byCategory.get(categoryLabels[category]) ?? 0, peak.bytes[category], category);
    }), { numRuns: 200 });
  });

  it('is read by Perfetto\'s own schema, with no field that it does not know', function () {
    this.timeout(60_000);
    const file = path.join(folder, 'trace.pftrace');
    return (async () => {
      for (const make of [() => snapshotTrace(livesOf(small)), async function* () { yield* runTrace(await readRun(folder)); }]) {
        const all = await items(make());
        writeFileSync(file, await gathered(traceProto('name', make())));
        const answer = askPerfetto(file);
        if ('missing' in answer) {
          console.log(`      ${answer.missing}`);
          this.skip();
        }
        const count = (kind: TraceItem['kind']) => all.filter(item => item.kind === kind).length;
        assert.deepEqual(answer, { unknown: 0, counters: count('counter'), instants: count('instant'), slices: count('slice'), open: 0, backwards: 0 });
      }
    })();
  });

  it('of a run is a heap profile of the highest peak, state part by part', async () => {
    const run = await readRun(folder);
    const profile = runProfile(run)!;
    assert.equal(profile.samples.reduce((sum, { size }) => sum + size, 0), run.state.peak!.peakBytes);
    assert.ok(profile.head.children.some(({ callFrame, children }) => callFrame.functionName === 'Optimizer state' && children.length > 1));
    rmSync(path.join(folder, 'events.jsonl'));
    assert.equal(runProfile(await readRun(folder)), undefined);
    writeExample(folder);
  });
});

function assertApart(all: readonly TraceItem[]): void {
  const ends = new Map<string, number>();
  const slices = all.filter(item => item.kind === 'slice').sort((a, b) => a.at - b.at || a.duration - b.duration);
  for (const { track, name, at, duration } of slices) {
    assert.ok(at >= (ends.get(track) ?? -Infinity) - 1e-6, `${name} of ${track} begins before the one before it ends`);
    ends.set(track, at + duration);
  }
}

/** Packets back to items, by the field numbers that Perfetto publishes. */
async function readProto(made: TraceItems): Promise<unknown[][]> {
  const packets = new Message(await gathered(traceProto('name', made))).messages(1);
  assert.deepEqual([packets[0]!.number(13), ...new Set(packets.map(packet => packet.number(10)))], [1, 1]);
  const tracks = new Map(packets.filter(packet => packet.has(60)).map(packet => [packet.message(60).number(1), packet.message(60)]));
  const rows: unknown[][] = [];
  const open = new Map<number, unknown[]>();
  for (const packet of packets.filter(each => each.has(11))) {
    const [event, at] = [packet.message(11), packet.number(8) / 1000];
    const track = tracks.get(event.number(11))!;
    const [type, name] = [event.number(9), track.text(2)];
    if (type === 4) rows.push(['counter', name, at, event.has(30) ? event.number(30) : event.number(44)]);
    assert.equal(track.has(8), type === 4);
    if (type === 3) rows.push(['instant', name, at, event.text(23)]);
    if (type === 1) rows.push(['slice', name, at, event.text(23)]);
    if (type === 1) open.set(event.number(11), rows.at(-1)!);
    if (type === 2) open.get(event.number(11))!.push(at - Number(open.get(event.number(11))![2]));
  }
  return rows.map(row => row.map(cell => typeof cell === 'number' ? Number(cell.toPrecision(9)) : cell));
}
