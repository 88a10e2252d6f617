/**
 * Every optimizer, as a chain of transformations. Start reading here.
 * `live` holds the settings as they are now; each hyperparameter is read from it at every use.
 */
import type { Optimizer as OptimizerName, Settings } from '../settings/knobs';
import { scaleByAdam } from './adam';
import { chain } from './chain';
import { topK } from './compressors/topK';
import { withErrorFeedback } from './errorFeedback';
import { scaleByLearningRate } from './learningRate';
import { applyMomentum } from './momentum';
import { denseWindow } from './preconditioners/denseWindow';
import { preconditionByMfac } from './preconditioners/mfac';
import { sparseWindow } from './preconditioners/sparseWindow';
import type { StateTree } from './stateTree';
import type { Transformation } from './transformation';
import { addDecayedWeights } from './weightDecay';
import { withoutErrorFeedback } from './withoutErrorFeedback';

/** theta = (1 - learningRate * weightDecay) * theta - learningRate * u. */
const decayAndStep = (live: Settings) => chain(addDecayedWeights(() => live.weightDecay), scaleByLearningRate(() => live.learningRate));

export const sgd = (live: Settings) => chain(
  applyMomentum(() => live.momentum),
  decayAndStep(live),
);

export const adamw = (live: Settings) => chain(
  scaleByAdam({ beta1: () => live.beta1, beta2: () => live.beta2, epsilon: () => live.epsilon }),
  decayAndStep(live),
);

export const denseMfac = (live: Settings) => chain(
  preconditionByMfac({ rows: denseWindow, window: () => live.window, damping: () => live.damping }),
  applyMomentum(() => live.momentum),
  decayAndStep(live),
);

export const sparseMfac = (live: Settings) => {
  const compressor = topK({ density: () => live.density, blockSize: live.blockSize });
  return chain(
    live.errorFeedback ? withErrorFeedback(compressor) : withoutErrorFeedback(compressor),
    preconditionByMfac({ rows: sparseWindow(compressor), window: () => live.window, damping: () => live.damping }),
    applyMomentum(() => live.momentum),
    decayAndStep(live),
  );
};

export const recipes: Readonly<Record<OptimizerName, (live: Settings) => Transformation<StateTree>>> = {
  sgd, adamw, 'dense-mfac': denseMfac, 'sparse-mfac': sparseMfac,
};
