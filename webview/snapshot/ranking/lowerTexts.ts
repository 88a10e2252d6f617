/** The texts of a snapshot in lower case, made when they are asked for first: what is searched and sorted by. */
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';

const known = new WeakMap<StepSnapshot, readonly string[]>();

export function lowerTexts(snapshot: StepSnapshot): readonly string[] {
  const texts = known.get(snapshot) ?? snapshot.texts.map(text => text.toLowerCase());
  known.set(snapshot, texts);
  return texts;
}
