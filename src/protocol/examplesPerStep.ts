/** Examples of a step: as many as the settings say, or where batches are counted in tokens, as many as they have in the mean. */
import type { Settings } from '../settings/knobs';

export function examplesPerStep({ batchSize, batchTokens }: Pick<Settings, 'batchSize' | 'batchTokens'>, started: { readonly trainExamples: number; readonly stepsPerEpoch: number } | undefined): number | undefined {
  return batchTokens === null ? batchSize : started && started.trainExamples / started.stepsPerEpoch;
}
