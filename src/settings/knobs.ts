/**
 * The one table of knobs. Types, validation, the JSON schema of `*.efcp.json`, the CLI's `--set` keys and the panel's
 * controls are all derived from it; nothing else states a default or a range.
 */

export const optimizers = ['sparse-mfac', 'dense-mfac', 'sgd', 'adamw'] as const;
export type Optimizer = (typeof optimizers)[number];

/**
 * What a change made during a run does: `nextStep` is read by the next step; `remapState` also reshapes the optimizer's
 * state in place, keeping its history; `newRun` is refused while a run goes on.
 */
export type Applies = 'nextStep' | 'remapState' | 'newRun';

interface KnobBase {
  readonly label: string;
  readonly help: string;
  readonly applies: Applies;
  /** The optimizers that read this knob; absent means that every run reads it. */
  readonly usedBy?: readonly Optimizer[];
}

export interface NumberKnob extends KnobBase {
  readonly kind: 'number';
  readonly default: number | null;
  /** Where an optimizer needs another default. */
  readonly defaultFor?: Partial<Record<Optimizer, number>>;
  readonly min: number;
  readonly max: number;
  readonly integer?: true;
  readonly scale: 'linear' | 'log';
  /** Where a logarithmic slider leaves zero: its first position is 0, its second this value. Needed when `min` is 0. */
  readonly smallest?: number;
  /** What `null` means, for knobs that accept it. */
  readonly nullMeans?: string;
}

export interface ChoiceKnob extends KnobBase {
  readonly kind: 'choice';
  readonly default: string;
  readonly options: readonly string[];
}

export interface SwitchKnob extends KnobBase {
  readonly kind: 'switch';
  readonly default: boolean;
}

export type Knob = NumberKnob | ChoiceKnob | SwitchKnob;

const mfac = ['sparse-mfac', 'dense-mfac'] as const;
const withMomentum = ['sparse-mfac', 'dense-mfac', 'sgd'] as const;

export const knobs = {
  model: {
    kind: 'choice', label: 'Model', default: 'mlp', options: ['mlp', 'convnet'], applies: 'newRun',
    help: 'mlp: 784-256-128-10 perceptron. convnet: two convolutions and a dense layer.',
  },
  data: {
    kind: 'choice', label: 'Data', default: 'digits', options: ['digits'], applies: 'newRun',
    help: 'digits: 10,000 handwritten MNIST digits of 28 by 28 pixels.',
  },
  backend: {
    kind: 'choice', label: 'Backend', default: 'auto', options: ['auto', 'wasm', 'cpu', 'tensorflow'], applies: 'newRun',
    help: 'auto: tensorflow where the workspace has @tensorflow/tfjs-node-gpu or tfjs-node, else the embedded wasm.',
  },
  optimizer: {
    kind: 'choice', label: 'Optimizer', default: 'sparse-mfac', options: optimizers, applies: 'newRun',
    help: 'sparse-mfac: M-FAC with a Top-K window and error feedback (EFCP). dense-mfac: the same, uncompressed.',
  },
  epochs: {
    kind: 'number', label: 'Epochs', default: 10, min: 1, max: 10_000, integer: true, scale: 'log', applies: 'newRun',
    help: 'Passes over the training examples.',
  },
  batchSize: {
    kind: 'number', label: 'Batch size', default: 64, min: 1, max: 8192, integer: true, scale: 'log', applies: 'newRun',
    help: 'Examples per step. Activation memory grows in proportion.',
  },
  validationFraction: {
    kind: 'number', label: 'Validation fraction', default: 0.1, min: 0.01, max: 0.5, scale: 'linear', applies: 'newRun',
    help: 'Share of the examples held out and never trained on. The split follows the seed.',
  },
  shift: {
    kind: 'number', label: 'Random shift', default: 0, min: 0, max: 8, integer: true, scale: 'linear', applies: 'newRun',
    help: 'Moves every training image by up to this many pixels each way, anew in every epoch, so that a small data set goes further.',
  },
  seed: {
    kind: 'number', label: 'Seed', default: 1, min: 0, max: 2_147_483_647, integer: true, scale: 'linear', applies: 'newRun',
    help: 'Fixes the split, the order of examples and the initial parameters.',
  },
  learningRate: {
    kind: 'number', label: 'Learning rate', default: 0.05, defaultFor: { sgd: 0.1, adamw: 0.001 }, min: 1e-7, max: 100, scale: 'log', applies: 'nextStep',
    help: 'Step length (eta). A second-order step is inversely proportional to the gradient: tune it per optimizer.',
  },
  momentum: {
    kind: 'number', label: 'Momentum', default: 0, min: 0, max: 0.999, scale: 'linear', applies: 'remapState', usedBy: withMomentum,
    help: 'v = momentum * v + update, after preconditioning. Above 0 it holds 4 bytes per parameter; 0 frees them.',
  },
  weightDecay: {
    kind: 'number', label: 'Weight decay', default: 0, min: 0, max: 1, smallest: 1e-6, scale: 'log', applies: 'nextStep',
    help: 'Decoupled: every step shrinks the parameters by learning rate times this.',
  },
  density: {
    kind: 'number', label: 'Density', default: 0.01, min: 1e-4, max: 1, scale: 'log', applies: 'remapState', usedBy: ['sparse-mfac'],
    help: 'Fraction of each gradient kept by Top-K (1 - sparsity). The window grows in proportion.',
  },
  window: {
    kind: 'number', label: 'Window', default: 32, min: 1, max: 1024, integer: true, scale: 'log', applies: 'remapState', usedBy: mfac,
    help: 'Gradients remembered by the preconditioner (m). Shrinking keeps the newest rows.',
  },
  damping: {
    kind: 'number', label: 'Damping', default: 0.1, min: 1e-10, max: 100, scale: 'log', applies: 'nextStep', usedBy: mfac,
    help: 'lambda, added to the diagonal of the Fisher matrix. Larger is closer to plain gradient descent.',
  },
  blockSize: {
    kind: 'number', label: 'Block size', default: 65_536, min: 2, max: 65_536, integer: true, scale: 'log', applies: 'newRun',
    usedBy: ['sparse-mfac'], nullMeans: 'one global block',
    help: 'Top-K keeps the largest entries of every block of this many parameters. null: one global block.',
  },
  errorFeedback: {
    kind: 'switch', label: 'Error feedback', default: true, applies: 'newRun', usedBy: ['sparse-mfac'],
    help: 'Adds what compression left out (the residual) to the next gradient. Off is an ablation: it converges worse.',
  },
  beta1: {
    kind: 'number', label: 'Beta 1', default: 0.9, min: 0, max: 0.9999, scale: 'linear', applies: 'nextStep', usedBy: ['adamw'],
    help: 'Decay of the first moment.',
  },
  beta2: {
    kind: 'number', label: 'Beta 2', default: 0.999, min: 0, max: 0.99999, scale: 'linear', applies: 'nextStep', usedBy: ['adamw'],
    help: 'Decay of the second moment.',
  },
  epsilon: {
    kind: 'number', label: 'Epsilon', default: 1e-8, min: 1e-16, max: 1, scale: 'log', applies: 'nextStep', usedBy: ['adamw'],
    help: 'Added to the root of the second moment.',
  },
} as const satisfies Record<string, Knob>;

export type KnobName = keyof typeof knobs;
export const knobNames = Object.keys(knobs) as KnobName[];

type ValueOf<K> =
  K extends { kind: 'number'; nullMeans: string } ? number | null :
  K extends { kind: 'number' } ? number :
  K extends { kind: 'switch' } ? boolean :
  K extends { kind: 'choice'; options: readonly (infer Option)[] } ? Option : never;

/** Everything a run is made from: one value per knob. */
export type Settings = { readonly [Name in KnobName]: ValueOf<(typeof knobs)[Name]> };

type Named<Value> = { [Name in KnobName]: (typeof knobs)[Name]['applies'] extends Value ? Name : never }[KnobName];

/** The knobs that can be turned while a run goes on. */
export type LiveKnobName = Named<'nextStep' | 'remapState'>;
export type LiveSettings = Pick<Settings, LiveKnobName>;

/** The table seen through its widest type, for code that treats all knobs alike. */
export function knob(name: KnobName): Knob {
  return knobs[name];
}

/** What an optimizer starts from where nothing is said. */
export function defaultOf(name: KnobName, optimizer: Optimizer): Settings[KnobName] {
  const entry = knob(name);
  return ((entry.kind === 'number' ? entry.defaultFor?.[optimizer] : undefined) ?? entry.default) as Settings[KnobName];
}

export function defaultsFor(optimizer: Optimizer): Settings {
  return { ...Object.fromEntries(knobNames.map(name => [name, defaultOf(name, optimizer)])) as Settings, optimizer };
}

export const defaults = defaultsFor(knobs.optimizer.default);

export function isLive(name: KnobName): name is LiveKnobName {
  return knob(name).applies !== 'newRun';
}

export function isUsedBy(name: KnobName, optimizer: Optimizer): boolean {
  return knob(name).usedBy?.includes(optimizer) ?? true;
}
