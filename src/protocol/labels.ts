/** What categories, phases and parts of the state are called, in the panel and in exports. */
import type { StatePart } from '../settings/stateBytes';
import type { Category, Phase } from './samples';

export const categoryLabels: Readonly<Record<Category, string>> = {
  parameters: 'Parameters',
  gradients: 'Gradients',
  optimizerState: 'Optimizer state',
  activations: 'Activations',
  activationGradients: 'Activation gradients',
  buffers: 'Buffers',
  data: 'Data',
  workspace: 'Workspace',
  unattributed: 'Unattributed',
};

export const phaseLabels: Readonly<Record<Phase, string>> = {
  forward: 'forward pass', backward: 'backward pass', update: 'update', validation: 'validation',
};

export const partLabels: Readonly<Record<StatePart, string>> = {
  windowValues: 'Window values',
  windowIndices: 'Window indices',
  windowFactors: 'Window factors',
  keptRow: 'Kept row',
  residual: 'Residual',
  gram: 'Gram',
  solver: 'Solver',
  velocity: 'Velocity',
  firstMoment: 'First moment',
  secondMoment: 'Second moment',
  statistics: 'Statistics',
  roots: 'Roots',
  bases: 'Bases',
  scratch: 'Scratch',
  masterCopy: 'Float32 copy',
};
