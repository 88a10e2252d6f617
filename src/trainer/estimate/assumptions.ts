/** What must hold for an estimate to, in sentences for people. */
import type { Backend } from '../../backends/backend';
import type { Settings } from '../../settings/knobs';
import type { RunShapes, SliceShape } from './batchShapes';
import type { StepTime } from './subjectEstimate';

export interface Grounds {
  readonly settings: Settings;
  readonly shapes: RunShapes;
  readonly isExtrapolated: boolean;
  readonly largest: SliceShape | undefined;
  /** Absent where no time was measured. */
  readonly timed: Pick<StepTime, 'how'> | undefined;
  readonly backend: Pick<Backend, 'name' | 'device' | 'read'>;
}

export function assumptionsOf({ settings, shapes: { training, varies }, isExtrapolated, largest, timed, backend: { name, device, read } }: Grounds): string[] {
  const { recompute } = settings;
  const sentences: (string | false)[] = [
    varies && largest !== undefined ? `The peak is that of the largest batch of the data: ${inWords(largest)} at once.` : `Every batch has ${training.examples} examples${training.slices > 1 ? `, ${Math.round(training.examples / training.share)} of them at once` : ''}.`,
    varies && `Operations and time are those of the mean batch: ${training.examples.toFixed(1)} examples.`,
    isExtrapolated
      ? 'Bytes of each buffer grow in a straight line with the examples: passes over a few, recorded with zeros as weights, agree on which buffers there are.'
      : 'Passes over as many examples as are on the device at once were recorded, with zeros as weights, since fewer are treated another way.',
    'The peak is the highest of forward and backward passes, updates, and validation; saving, changes of settings, and what kernels hold outside tensors are not in it.',
    recompute === 'budget' && 'Which layers run again follows from how long they take, which is measured anew when the run starts.',
    read !== undefined && 'Gradients of a slice are on their way from the device until its backward pass is over.',
    ...timed === undefined ? [] : [
      `The step time is that of this machine now, on ${name}${device === undefined ? '' : ` (${device})`}, from a few examples in a straight line, without making batches.`,
      timed.how,
    ],
  ];
  return sentences.filter(sentence => sentence !== false);
}

function inWords({ examples, inputs }: SliceShape): string {
  return `${examples} examples of ${[...new Set(inputs.map(({ shape }) => shape.join(' x ')))].join(' and ')}`;
}
