/** Settings that are right each by itself, but not together: every refusal names both, and what to do. */
import { says, type Rule } from './combinationRule';
import { cutsByTokens, isSequenceModel } from './dataFit';
import { dataRules } from './dataRules';
import type { Settings } from './knobs';
import { isElementwise, keepsHalves, packedTechniques, scalesLoss, techniquesIn, type Technique } from './memoryTechniques';
import { elementwise, lowRank, type Optimizer } from './optimizers';
import type { Problem } from './problem';

/** What is wrong with these settings together, each problem at a setting of `given` where one of those is part of it. */
export function combinationProblems(settings: Settings, given: ReadonlySet<string> = new Set()): Problem[] {
  return judged(rules, settings, given);
}

/** The same for the settings of `given` alone, while the others are still open. */
export function problemsAmong(settings: Settings, given: ReadonlySet<string>): Problem[] {
  return judged(rules.filter(({ between }) => between.every(name => given.has(name))), settings, given);
}

function judged(by: readonly Rule[], settings: Settings, given: ReadonlySet<string>): Problem[] {
  return by.flatMap(({ between, judge }) => {
    const message = judge(settings);
    return message === undefined ? [] : [{ field: between.find(name => given.has(name)) ?? between[0], message }];
  });
}

/** What turns a technique off. */
const off: Readonly<Record<Technique, string>> = {
  microbatch: 'null', recompute: '"none"', activationPrecision: '"float32"', parameterPrecision: '"float32"', momentPrecision: '"float32"',
  lossScaling: '"off"', weightDensity: '1', fusedUpdate: 'false',
};
const techniqueNames = Object.keys(off) as Technique[];

const withOneWorker = techniqueNames.map((name): Rule => ({
  between: [name, 'workers'],
  judge: settings => settings.workers > 1 && techniquesIn(settings).includes(name)
    ? `${says(settings, name)}, but workers is ${settings.workers}; with more than one, a batch is held as it is, so ${name} must be ${off[name]}. Set workers to 1, or ${name} to ${off[name]}.` : undefined,
}));

/** Those that several workers can build by name, and that remember nothing from batch to batch. */
const sharedModels: readonly Settings['model'][] = ['mlp', 'convnet', 'logistic'];

const onHost = packedTechniques.map((name): Rule => ({
  between: [name, 'placement'],
  judge: settings => settings.placement === 'device' && techniquesIn(settings).includes(name)
    ? `${says(settings, name)}, which only the host can do, but placement is "device". Set placement to "host", or ${name} to ${off[name]}.` : undefined,
}));

/** Optimizers that read whole matrices, of which a sparse tensor has none, or codes in blocks that cannot follow its mask. */
const ofMatrices: readonly Optimizer[] = [...lowRank, 'muon', 'shampoo', 'soap', 'adafactor', 'adamw-8bit'];

const rules: readonly Rule[] = [
  {
    between: ['microbatch', 'batchSize'],
    judge: ({ microbatch, batchSize, ...others }) => microbatch !== null && microbatch > batchSize && !cutsByTokens(others)
      ? `microbatch is ${microbatch}, but batchSize is ${batchSize}; it must be from 1 to ${batchSize}, or null. Lower microbatch, or raise batchSize.` : undefined,
  },
  {
    between: ['recompute', 'recomputeLayers'],
    judge: ({ recompute, recomputeLayers }) => recompute === 'named' && recomputeLayers.length === 0
      ? 'recompute is "named", but recomputeLayers is []; it must name at least one layer. Name layers, for example ["conv1"], or set recompute to another of none, every, sqrt, block, budget.' : undefined,
  },
  ...withOneWorker,
  {
    between: ['workers', 'model'],
    judge: ({ workers, model }) => workers > 1 && !sharedModels.includes(model)
      ? `workers is ${workers}, but the model is "${model}"; several workers can share only ${sharedModels.join(', ')}, since ${isSequenceModel(model) ? 'sequences differ in length from batch to batch' : 'others remember statistics from batch to batch'}. Set workers to 1, or choose one of these models.` : undefined,
  },
  ...onHost,
  {
    between: ['masterCopy', 'parameterPrecision'],
    judge: settings => settings.masterCopy && !keepsHalves(settings)
      ? 'masterCopy is true, but parameterPrecision is "float32", so there is nothing to keep a copy of. Set parameterPrecision to "float16" or "bfloat16", or masterCopy to false.' : undefined,
  },
  {
    between: ['fusedUpdate', 'optimizer'],
    judge: ({ fusedUpdate, optimizer }) => fusedUpdate && !isElementwise(optimizer)
      ? `fusedUpdate is true, but the optimizer is "${optimizer}", which must see all gradients at once; it can be ${elementwise.join(' or ')}. Choose one of these, or set fusedUpdate to false.` : undefined,
  },
  {
    between: ['fusedUpdate', 'microbatch'],
    judge: ({ fusedUpdate, microbatch }) => fusedUpdate && microbatch !== null
      ? `fusedUpdate is true, but microbatch is ${microbatch}; gradients that are accumulated must all be kept, so it must be null. Set microbatch to null, or fusedUpdate to false.` : undefined,
  },
  {
    between: ['fusedUpdate', 'clipNorm'],
    judge: ({ fusedUpdate, clipNorm }) => fusedUpdate && clipNorm !== null
      ? `fusedUpdate is true, but clipNorm is ${clipNorm}; a norm is known only when all gradients are, so it must be null. Set clipNorm to null (clipValue may be used), or fusedUpdate to false.` : undefined,
  },
  {
    between: ['fusedUpdate', 'lossScaling', 'parameterPrecision'],
    judge: settings => settings.fusedUpdate && scalesLoss(settings)
      ? `fusedUpdate is true, but the loss is scaled (lossScaling "${settings.lossScaling}", parameterPrecision "${settings.parameterPrecision}"), and a step can be skipped only before its first update. Set lossScaling to "off", or fusedUpdate to false.` : undefined,
  },
  {
    between: ['weightDensity', 'optimizer'],
    judge: ({ weightDensity, optimizer }) => weightDensity < 1 && ofMatrices.includes(optimizer)
      ? `weightDensity is ${weightDensity}, but the optimizer is "${optimizer}", whose state cannot follow the non-zeros; with it weightDensity must be 1. Set it to 1, or choose another optimizer than ${ofMatrices.join(', ')}.` : undefined,
  },
  ...dataRules,
];
