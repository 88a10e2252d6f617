/** The models by name, in the size that is timed and in one that tests run in moments. */
import type { BenchModel } from './benchModel';
import { fullMlp, mlp, smallMlp } from './mlp';
import { resnet, resnet20, smallResnet } from './resnet';
import { fullTransformer, smallTransformer, transformer } from './transformer';

export const benchModelNames = ['mlp', 'resnet20', 'transformer'] as const;
export type BenchModelName = typeof benchModelNames[number];

export const benchModels: Readonly<Record<BenchModelName, () => BenchModel>> = {
  mlp: () => mlp(fullMlp),
  resnet20: () => resnet(resnet20),
  transformer: () => transformer(fullTransformer),
};

export const smallModels: Readonly<Record<BenchModelName, () => BenchModel>> = {
  mlp: () => mlp(smallMlp),
  resnet20: () => resnet(smallResnet),
  transformer: () => transformer(smallTransformer),
};
