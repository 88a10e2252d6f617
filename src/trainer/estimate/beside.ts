/** Puts what was predicted into the record of a run: at its start, and beside what was measured at its end. */
import type { Estimate } from '../../protocol/estimate';
import { comparisonOf, noteChange, noteEnd, noteSample, nothingMeasured } from '../../protocol/prediction';
import type { TrainingEvent } from '../train';

export async function* withPrediction(events: AsyncIterable<TrainingEvent>, predicted: Estimate | undefined): AsyncGenerator<TrainingEvent> {
  const measured = nothingMeasured();
  for await (const event of events) {
    if (predicted === undefined) {
      yield event;
      continue;
    }
    if (event.type === 'sample') noteSample(measured, event);
    if (event.type === 'applied') noteChange(measured, event);
    if (event.type === 'started') yield { ...event, predicted };
    else if (event.type === 'finished') {
      noteEnd(measured, event);
      const comparison = comparisonOf(predicted, measured);
      yield { ...event, ...comparison === undefined ? {} : { comparison } };
    } else yield event;
  }
}
