/** A step snapshot as lines of text, without its times: `born 8 80 workspace forward first BatchMatMul float32 5x4`. */
import { categories, phases } from '../../src/protocol/samples';
import { wordsOf } from '../../src/protocol/snapshot/ranking';
import { eventKinds, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';

export function snapshotLines(snapshot: StepSnapshot): string[] {
  const { kind, buffer, category, phase } = snapshot.events;
  return Array.from(kind, (of, at) => {
    const number = buffer[at]!;
    const { bytes, layer, operation, type, shape } = wordsOf(snapshot, number);
    const about = of === eventKinds.indexOf('born') || of === eventKinds.indexOf('there') ? [layer, operation, type, shape].map(text => text || '-') : [];
    return [eventKinds[of], number, bytes, categories[category[at]!], phases[phase[at]!], ...about].join(' ');
  });
}
