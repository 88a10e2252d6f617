/** Which knobs a run reads: those of its optimizer, without those that other settings leave without effect. */
import { cutsByTokens, isClassifier, isSequenceModel, isTextData } from './dataFit';
import { isUsedBy, type KnobName, type Settings } from './knobs';
import { keepsHalves, scalesLoss } from './memoryTechniques';

/** Knobs that other settings can leave without effect. */
const conditions: Partial<Record<KnobName, (settings: Settings) => boolean>> = {
  module: ({ model, data }) => model === 'module' || data === 'module',
  batchSize: settings => !cutsByTokens(settings),
  batchTokens: ({ data }) => isTextData(data),
  maxTokens: ({ data }) => isTextData(data),
  merges: ({ data, vocabularyFile }) => isTextData(data) && vocabularyFile === null,
  sourceFile: ({ data }) => data === 'parallel' || data === 'text',
  targetFile: ({ data }) => data === 'parallel',
  vocabularyFile: ({ data }) => isTextData(data),
  pretrained: ({ model }) => isClassifier(model),
  dropout: ({ model }) => isSequenceModel(model),
  attentionDropout: ({ model }) => isSequenceModel(model) && model !== 'language-model',
  weightDropout: ({ model }) => isSequenceModel(model) && !isClassifier(model),
  labelSmoothing: ({ model, data }) => isSequenceModel(model) && data !== 'sts-b',
  shift: ({ data }) => !isTextData(data) && data !== 'features',
  stepEvery: ({ schedule }) => schedule === 'step',
  stepFactor: ({ schedule }) => schedule === 'step',
  clipTarget: ({ clipNorm, clipValue }) => clipNorm !== null || clipValue !== null,
  nesterov: ({ momentum }) => momentum > 0,
  errorFeedbackBits: ({ errorFeedback }) => errorFeedback,
  recomputeEvery: ({ recompute }) => recompute === 'every',
  recomputeLayers: ({ recompute }) => recompute === 'named',
  recomputeBudget: ({ recompute }) => recompute === 'budget',
  masterCopy: keepsHalves,
  lossScale: scalesLoss,
  lossScaleGrowthInterval: scalesLoss,
  rewireEvery: ({ weightDensity, rewireUntil }) => weightDensity < 1 && rewireUntil > 0,
  rewireUntil: ({ weightDensity }) => weightDensity < 1,
  rewireFraction: ({ weightDensity, rewireUntil }) => weightDensity < 1 && rewireUntil > 0,
};

export function hasEffect(name: KnobName, settings: Settings): boolean {
  return conditions[name]?.(settings) ?? true;
}

export function isRead(name: KnobName, settings: Settings): boolean {
  return isUsedBy(name, settings.optimizer) && hasEffect(name, settings);
}
