/** What shapes a step, and so decides which backend is the fastest: the model, its data, and the size of a batch and of its slices. */
import { cutsByTokens } from '../../settings/dataFit';
import { defaults, type Settings } from '../../settings/knobs';

type Always = 'model' | 'data' | 'batchSize';
const others = ['module', 'microbatch', 'batchTokens', 'maxTokens', 'merges', 'sourceFile', 'targetFile', 'vocabularyFile'] as const satisfies readonly (keyof Settings)[];

export type Workload = Pick<Settings, Always> & Partial<Pick<Settings, (typeof others)[number]>>;

/** Without what is as it is by default. */
export function workloadOf({ model, data, batchSize, ...settings }: Workload): Workload {
  return { model, data, batchSize, ...Object.fromEntries(others.flatMap(name => (settings[name] === undefined || settings[name] === defaults[name] ? [] : [[name, settings[name]]]))) };
}

/** As in "the fastest of 3 here with mlp, batch 64". */
export function inWords({ model, data, batchSize, batchTokens = null }: Workload): string {
  return `${model}, batch ${batchTokens !== null && cutsByTokens({ data, batchTokens }) ? `of ${batchTokens} tokens` : batchSize}`;
}
