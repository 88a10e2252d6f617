/**
 * TypeScript's messages with what they are as their class: a classification that needs no download. Kinds of which there are few
 * examples are left out, since a handful of them in training and none in validation say nothing.
 */
import { isHeldOutMessage } from '../heldOutMessages';
import { readMessages } from '../readMessages';
import type { LabelledText, LabelledTexts } from './readGlue';

/** By the numbers that TypeScript gives them. */
const kinds = ['warning', 'error', 'suggestion', 'message'];
const fewestExamples = 50;

/** `assets`: the folder of the files that the build made. */
export function messageKinds(assets: string): LabelledTexts {
  const kindOf = new Map(readMessages(assets).map(({ english, category }) => [english, kinds[category] ?? 'other']));
  const counts = new Map<string, number>();
  for (const kind of kindOf.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const classes = kinds.filter(kind => (counts.get(kind) ?? 0) >= fewestExamples);
  const examples = [...kindOf].filter(([, kind]) => classes.includes(kind)).map(([english, kind]): LabelledText => ({ sentences: [english], label: classes.indexOf(kind) }));
  const isHeldOut = ({ sentences: [english] }: LabelledText) => isHeldOutMessage(english);
  return {
    classes, train: examples.filter(example => !isHeldOut(example)), validation: examples.filter(isHeldOut),
    leftOut: [{ lines: kindOf.size - examples.length, what: `messages of a kind with fewer than ${fewestExamples} examples` }],
  };
}
