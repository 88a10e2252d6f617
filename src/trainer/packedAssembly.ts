/** Makes the parts of a packed placement from the settings: stored parameters, gradients, the optimizer's way of updating, rewiring. */
import type { Backend } from '../backends/backend';
import type { ChunkCompute } from '../kernels/chunkCompute';
import type { SparseCompute } from '../kernels/sparseCompute';
import type { Ledger } from '../memory/ledger';
import type { ParameterSpecification } from '../models/model';
import { createStreamedOptimizer } from '../optimizers/streamed/streamedOptimizer';
import type { LiveSettings, Settings } from '../settings/knobs';
import { combinationProblems } from '../settings/combinations';
import { hasMaster, isElementwise } from '../settings/memoryTechniques';
import { InputError } from '../settings/problem';
import { sparseTensors } from '../settings/sparseTensors';
import { packedScratch, type PackedScratch } from './packedChunks';
import { PackedGradients } from './packedGradients';
import { initialLayout, isSparse, type StoredTensorPlace } from './packedLayout';
import { PackedParameters } from './packedParameters';
import type { PackedUpdate } from './packedUpdate';
import { Rewiring } from './rewiring';
import { StreamedUpdate } from './streamedUpdate';
import { WholeUpdate } from './wholeUpdate';

export interface PackedOptions {
  readonly settings: Settings;
  readonly specifications: readonly ParameterSpecification[];
  /** Values of each parameter, dense. */
  readonly initial: readonly Float32Array[];
  readonly chunks: ChunkCompute;
  /** Of optimizers that need all gradients at once. */
  readonly compute: SparseCompute;
  readonly totalSteps?: number;
  readonly backend: Pick<Backend, 'memory'>;
  readonly ledger: Ledger;
}

export interface PackedAssembly {
  readonly specifications: readonly ParameterSpecification[];
  readonly parameters: PackedParameters;
  readonly gradients: PackedGradients;
  readonly update: PackedUpdate;
  readonly rewiring: Rewiring;
  readonly scratch: PackedScratch;
  /** Throws InputError where these settings, changed so, do not go together. */
  check(changed: Partial<LiveSettings>): void;
  /** Names who files the workspace that an update needs for the moment. */
  onWorkspace(hold: (bytes: number) => void): void;
}

/** Throws InputError where the settings do not go together. */
export function assemblePacked({ settings, specifications, initial, chunks, compute, totalSteps, backend, ledger }: PackedOptions): PackedAssembly {
  checkPacked(settings, specifications, []);
  const { parameterPrecision: precision } = settings;
  const layout = initialLayout(specifications, settings);
  const scratch = packedScratch(chunks, isSparse(layout));
  const parameters = new PackedParameters(layout, precision, hasMaster(settings), scratch, backend, ledger);
  initial.forEach((values, at) => { parameters.writeDense(layout.tensors[at] as StoredTensorPlace, values); });
  let holdWorkspace: (bytes: number) => void = () => undefined;
  const { optimizer } = settings;
  const update = isElementwise(optimizer)
    ? new StreamedUpdate(createStreamedOptimizer({ ...settings, optimizer }, { tensors: specifications, length: layout.length, precision: settings.momentPrecision, chunks, totalSteps }), parameters, precision, scratch, settings.fusedUpdate)
    : new WholeUpdate(settings, parameters, { precision, compute, totalSteps, holdWorkspace: bytes => { holdWorkspace(bytes); } });
  return {
    specifications, parameters, update, scratch,
    gradients: new PackedGradients(update.gradients(), scratch),
    rewiring: new Rewiring(settings, totalSteps),
    check: changed => { checkPacked({ ...settings, ...update.settings, ...changed }, specifications, Object.keys(changed)); },
    onWorkspace: hold => { holdWorkspace = hold; },
  };
}

/** `given`: the settings to blame first. */
function checkPacked(settings: Settings, specifications: readonly ParameterSpecification[], given: readonly string[]): void {
  const problems = combinationProblems(settings, new Set(given));
  const { weightDensity } = settings;
  if (weightDensity < 1 && !sparseTensors(settings, specifications).includes(true)) {
    problems.push({ field: 'weightDensity', message: `weightDensity is ${weightDensity}, but the model has no tensor that may be sparse: two or more dimensions, neither the first nor the last of these, no 1x1 convolution, not in an exact group. Set weightDensity to 1, or take a deeper model.` });
  }
  if (problems.length > 0) throw new InputError(problems);
}
