/** Puts what was predicted into the record of a run: at its start, and beside what was measured at its end. */
import type { Estimate } from '../../protocol/estimate';
import { comparisonOf } from '../../protocol/comparison';
import { addToStretch, endStretches, newStretch } from '../../protocol/stretches';
import type { TrainingEvent } from '../train';

export async function* withPrediction(events: AsyncIterable<TrainingEvent>, predicted: Estimate | undefined): AsyncGenerator<TrainingEvent> {
  const first = newStretch();
  let isChanged = false;
  for await (const event of events) {
    if (event.type === 'applied') isChanged = true;
    if (event.type === 'sample' && !isChanged) addToStretch(first, event);
    if (predicted === undefined) yield event;
    else if (event.type === 'started') yield { ...event, predicted };
    else if (event.type === 'finished') {
      if (!isChanged) endStretches([first], event);
      const comparison = comparisonOf(predicted, first);
      yield { ...event, ...comparison === undefined ? {} : { comparison } };
    } else yield event;
  }
}
