/** What is trained, on what, for how long. */
import type { Knob } from './knob';
import { onDevice, optimizers } from './optimizers';

export const runKnobs = {
  model: {
    kind: 'choice', label: 'Model', default: 'mlp', applies: 'newRun',
    options: ['mlp', 'convnet', 'logistic', 'resnet20', 'wrn-28-2', 'wrn-10-1', 'dynamicconv', 'dynamicconv-tiny', 'bert-tiny', 'bert-mini', 'language-model', 'module'],
    help: 'mlp: 784-256-128-10 perceptron. convnet: two convolutions and a dense layer. logistic: one dense layer. resnet20, wrn-28-2, wrn-10-1: residual networks for images of 32 by 32 pixels. dynamicconv: a translator of dynamic convolutions, as published for IWSLT\'14. bert-tiny, bert-mini: encoders with a classifier. language-model: predicts the next piece of a text. module: what a JavaScript module of yours makes.',
  },
  data: {
    kind: 'choice', label: 'Data', default: 'digits', applies: 'newRun',
    options: [
      'digits', 'mnist', 'fashion-mnist', 'cifar-10', 'features', 'messages', 'message-catalogs', 'parallel', 'iwslt14', 'text', 'message-kinds',
      'cola', 'sst-2', 'mrpc', 'qqp', 'sts-b', 'mnli', 'qnli', 'rte', 'wnli', 'module',
    ],
    help: 'digits: 10,000 handwritten MNIST digits of 28 by 28 pixels, built in. mnist, fashion-mnist, cifar-10: the whole sets, from files that efcp data fetch brings. features: 768 made-up numbers an example in 1,000 classes. messages: German messages of a compiler and their English originals, built in; message-catalogs: those of the programs on this machine; parallel: two text files of yours; iwslt14: talks, from files that you bring. text: any text, to be continued. message-kinds: messages to be classified, built in; cola to wnli: the tasks of GLUE. module: what a JavaScript module of yours makes.',
  },
  module: {
    kind: 'path', label: 'Module', default: null, holds: 'the path of a JavaScript module', nullMeans: 'none', applies: 'newRun',
    help: 'The path of a JavaScript module that exports createModel(tf), for the model "module", or createData(tf, { seed }), for the data "module", or both. A relative path starts at the run file.',
  },
  backend: {
    kind: 'choice', label: 'Backend', default: 'auto', options: ['auto', 'wasm', 'cpu', 'tensorflow', 'webgpu'], applies: 'newRun',
    help: 'auto: the fastest of those that are installed here, measured with the model of the run; the embedded wasm where there is no other. webgpu: a GPU without CUDA, by the npm package webgpu.',
  },
  workers: {
    kind: 'number', label: 'Workers', default: 1, min: 1, max: 16, integer: true, scale: 'linear', applies: 'newRun',
    help: 'Threads that compute a slice of every batch each, on a backend of their own; for wasm and cpu, which have one thread. 1: no further thread.',
  },
  placement: {
    kind: 'choice', label: 'State placement', default: 'host', options: ['host', 'device'], applies: 'newRun',
    help: `Where the optimizer's state lies. host: plain memory, the fastest without a GPU. device: tensors of the backend, which gradients then do not leave; for ${onDevice.join(', ')}, without diagnostics.`,
  },
  optimizer: {
    kind: 'choice', label: 'Optimizer', default: 'sparse-mfac', options: optimizers, applies: 'newRun',
    help: 'sparse-, low-rank-: M-FAC or GGT over a compressed window with error feedback (EFCP); dense-mfac, ggt: the same, uncompressed. The others are baselines.',
  },
  epochs: {
    kind: 'number', label: 'Epochs', default: 10, min: 1, max: 10_000, integer: true, scale: 'log', applies: 'newRun',
    help: 'Passes over the training examples.',
  },
  batchSize: {
    kind: 'number', label: 'Batch size', default: 64, min: 1, max: 8192, integer: true, scale: 'log', applies: 'newRun',
    help: 'Examples per step; lines, of text that is not cut by batch tokens. Activation memory grows in proportion.',
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
  checkpointEvery: {
    kind: 'number', label: 'Checkpoint every', default: null, min: 0, max: 10_000, smallest: 0.01, scale: 'log', applies: 'newRun',
    nullMeans: 'every epoch, within 2 % of the time',
    help: 'Epochs between two checkpoints; 0.5 is twice an epoch. 0: only when the run pauses, stops or completes, as it always does.',
  },
  checkpointsKept: {
    kind: 'number', label: 'Checkpoints kept', default: 2, min: 1, max: 1000, integer: true, scale: 'log', applies: 'newRun',
    help: 'The newest so many stay in the run directory; a new one takes the place of the oldest.',
  },
} as const satisfies Record<string, Knob>;
