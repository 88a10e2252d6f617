/** What must hold for a plan to, one sentence each. */
import type { Model } from '../models/model';
import { cutsByTokens, isSequenceModel } from '../settings/dataFit';
import type { Settings } from '../settings/knobs';

export function assumptionsOf({ buffers }: Pick<Model, 'buffers'>, settings: Settings, allTimed: boolean): string[] {
  const { dropout, attentionDropout, weightDropout } = settings;
  const drops = isSequenceModel(settings.model) && Math.max(dropout, attentionDropout, weightDropout) > 0;
  return [
    'Step times are put together from parts that were measured here and now: passes of a few examples under each way to recompute and store, in turns; and lending, collecting and updating for each way to hold parameters and state, on fewer parameters like the model\'s. Rewiring is not among them.',
    ...allTimed ? [] : ['Times marked ~ are nominal in a part for which there was no time, or which cannot be measured in a moment: they follow from operations, bytes and calls, in the ratio to what was measured.'],
    'Recomputation within a budget is counted with all of its budget: a run looks for the fastest cut itself, by times that it measures.',
    'A lower density, a lower rank and a shorter window count as sparsity, although they thin out gradients that are remembered and not weights.',
    'What the given settings say of precision and sparsity is taken as wanted: the plan tries less, never more.',
    ...buffers.length > 0 ? ['Microbatches change the statistics of batch normalisation; a smaller one more than a larger one.'] : [],
    ...drops ? ['Microbatches draw other dropout masks, as another seed would.'] : [],
    ...cutsByTokens(settings) ? ['Batches are cut by tokens, so they differ in shape; figures are of the largest, and no budget for recomputation is offered that another might exceed.'] : [],
  ];
}
