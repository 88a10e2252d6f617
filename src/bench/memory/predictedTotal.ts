/** Bytes of model, optimizer and activations before anything of that size is there: from formulas, and from layers run with a few examples. */
import { sizeOf, type Model } from '../../models/model';
import type { ModelFigures } from '../../gradients/recompute/figures';
import { segmentsOf } from '../../gradients/recompute/policies';
import { predictedActivationBytes } from '../../gradients/recompute/stepBytes';
import { gradientBytes, parametersBytes } from '../../settings/formulas/packed';
import type { Settings } from '../../settings/knobs';
import { parameterSpace } from '../../settings/parameterSpace';
import { stateBytes, totalBytes } from '../../settings/stateBytes';
import { policyOf } from '../../trainer/memoryPlan';

/** `figures`: of a slice of the batch. */
export function predictedTotal(model: Model, settings: Settings, figures: ModelFigures): number {
  const { parameters } = model;
  const state = totalBytes(stateBytes(settings, parameterSpace(parameters)));
  const { peak } = predictedActivationBytes(model, segmentsOf(model, policyOf(settings), figures), figures, settings.activationPrecision === 'float32' ? 4 : 2);
  // Fused updates store no gradients, but take each as it comes.
  const gradients = settings.fusedUpdate ? Math.max(...parameters.map(({ shape }) => 4 * sizeOf(shape))) : gradientBytes(settings, parameters);
  return parametersBytes(settings, parameters) + gradients + state + peak + figures.batchBytes;
}
