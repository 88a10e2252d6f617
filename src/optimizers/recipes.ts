/**
 * Every optimizer, as a chain of transformations that turns gradients into updates u; the step theta - learningRate * u and
 * weight decay are the same for all and follow in optimizer.ts. Start reading here.
 * `live` holds the settings as they are now; each hyperparameter is read from it at every use.
 */
import type { SparseCompute } from '../kernels/sparseCompute';
import type { Settings } from '../settings/knobs';
import type { Optimizer as OptimizerName } from '../settings/optimizers';
import { scaleByAdafactor } from './adafactor';
import { scaleByAdam } from './adam';
import { scaleByAdam8bit } from './adam8bit';
import { chain } from './chain';
import type { Compressor } from './compressors/compressor';
import { lowRank } from './compressors/lowRank';
import { topK } from './compressors/topK';
import { withErrorFeedback } from './errorFeedback';
import { scaleByMicroAdam } from './microAdam';
import { applyMomentum } from './momentum';
import { scaleByMuon } from './muon';
import { dampedInverse } from './preconditioners/dampedInverse';
import { denseWindow } from './preconditioners/denseWindow';
import { inverseRoot } from './preconditioners/inverseRoot';
import { lowRankWindow } from './preconditioners/lowRankWindow';
import { preconditionByWindow } from './preconditioners/preconditionByWindow';
import { sparseWindow } from './preconditioners/sparseWindow';
import type { Window } from './preconditioners/window';
import { scaleByShampoo } from './shampoo';
import { scaleBySoap } from './soap';
import type { StateTree } from './stateTree';
import type { Kept, Transformation } from './transformation';
import { withoutErrorFeedback } from './withoutErrorFeedback';

const momentum = (live: Settings) => applyMomentum(() => live.momentum);

/** u = F^-1 c, F the damped empirical Fisher matrix of the window. */
const mfac = <Rows>(live: Settings, rows: Window<Rows>) =>
  preconditionByWindow({ rows, window: () => live.window, rule: dampedInverse(() => live.damping) });

/** u = (S^1/2 + epsilon I)^-1 c, S the sum of the window's outer products: full-matrix Adagrad. */
const ggt = <Rows>(live: Settings, rows: Window<Rows>) =>
  preconditionByWindow({ rows, window: () => live.window, rule: inverseRoot({ beta2: () => live.beta2, epsilon: () => live.epsilon }) });

const compress = <Row extends Kept>(live: Settings, compressor: Compressor<Row>) =>
  live.errorFeedback ? withErrorFeedback(compressor, () => live.errorFeedbackBits) : withoutErrorFeedback(compressor);

type Recipe = (live: Settings, compute: SparseCompute) => Transformation<StateTree>;

export const recipes: Readonly<Record<OptimizerName, Recipe>> = {
  'dense-mfac': live => chain(mfac(live, denseWindow), momentum(live)),
  'sparse-mfac': (live, compute) => chain(compress(live, topK(() => live, compute)), mfac(live, sparseWindow(() => live, compute)), momentum(live)),
  'low-rank-mfac': live => chain(compress(live, lowRank(() => live)), mfac(live, lowRankWindow(() => live)), momentum(live)),
  'ggt': live => chain(ggt(live, denseWindow), momentum(live)),
  'sparse-ggt': (live, compute) => chain(compress(live, topK(() => live, compute)), ggt(live, sparseWindow(() => live, compute)), momentum(live)),
  'low-rank-ggt': live => chain(compress(live, lowRank(() => live)), ggt(live, lowRankWindow(() => live)), momentum(live)),
  'micro-adam': (live, compute) => chain(compress(live, topK(() => live, compute)), scaleByMicroAdam(() => live, compute)),
  'sgd': live => applyMomentum(() => live.momentum, () => live.nesterov),
  'adamw': live => scaleByAdam({ beta1: () => live.beta1, beta2: () => live.beta2, epsilon: () => live.epsilon }),
  'adamw-8bit': scaleByAdam8bit,
  'adafactor': scaleByAdafactor,
  'muon': scaleByMuon,
  'shampoo': scaleByShampoo,
  'soap': scaleBySoap,
};
