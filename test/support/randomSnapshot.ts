/** Snapshots of anything that may happen, for laws: buffers come, move and go at random. */
import fc from 'fast-check';
import { categories, phases } from '../../src/protocol/samples';
import type { StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import { SnapshotBuilder } from './snapshotBuilder';

const happening = fc.record({
  kind: fc.constantFrom('born', 'born', 'moved', 'died'), pick: fc.nat(), bytes: fc.integer({ min: 0, max: 5000 }),
  category: fc.constantFrom(...categories, 'workspace', 'workspace'), phase: fc.constantFrom(...phases, undefined, undefined, undefined),
  layer: fc.constantFrom('', 'a', 'b', 'c'), operation: fc.constantFrom('', 'Conv2D', 'Add'), shape: fc.constantFrom('1', '2x3'),
});

export function randomSnapshots(mostEvents: number): fc.Arbitrary<StepSnapshot> {
  return fc.tuple(fc.nat({ max: 8 }), fc.array(happening, { minLength: 1, maxLength: mostEvents, size: 'max' })).map(([there, happenings]) => {
    const builder = new SnapshotBuilder();
    const live: number[] = [];
    happenings.forEach(({ kind, pick, bytes, category, phase, ...words }, at) => {
      builder.phase = phase ?? builder.phase;
      const place = live.length === 0 ? 0 : pick % live.length;
      if (at < there) live.push(builder.there(bytes, category, words));
      else if (kind === 'born' || live.length === 0) live.push(builder.born(bytes, category, words));
      else if (kind === 'moved') builder.moved(live[place]!, category);
      else builder.died(...live.splice(place, 1));
    });
    return builder.build();
  });
}
