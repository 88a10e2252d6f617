/** How text is cut into tokens and batches, and how models of sequences are regularised. */
import type { Knob } from './knob';

export const textKnobs = {
  batchTokens: {
    kind: 'number', label: 'Batch tokens', default: null, min: 16, max: 1_000_000, integer: true, scale: 'log', nullMeans: 'batch size counts', applies: 'newRun',
    help: 'Tokens per step of sequences, padding counted: sequences of about one length go together, as many as fit. null: as many as the batch size says.',
  },
  maxTokens: {
    kind: 'number', label: 'Longest line', default: 175, min: 4, max: 4096, integer: true, scale: 'log', applies: 'newRun',
    help: 'Tokens that a line may have. Pairs with a longer side are left out of parallel text; lines to be classified are cut.',
  },
  merges: {
    kind: 'number', label: 'Merges', default: 10_000, min: 0, max: 100_000, smallest: 1, integer: true, scale: 'log', applies: 'newRun',
    help: 'Byte-pair merges learnt from the training lines (arXiv 1508.07909), for both languages together; 0: tokens are characters.',
  },
  sourceFile: {
    kind: 'text', label: 'Source file', default: null, holds: 'the path of a text file', nullMeans: 'none', applies: 'newRun',
    help: 'The text that is read: a sentence a line for the data "parallel", any text for the data "text". A relative path starts at the run file.',
  },
  targetFile: {
    kind: 'text', label: 'Target file', default: null, holds: 'the path of a text file', nullMeans: 'none', applies: 'newRun',
    help: 'The translations of the source file for the data "parallel", line by line.',
  },
  vocabularyFile: {
    kind: 'text', label: 'Vocabulary file', default: null, holds: 'the path of a vocabulary', nullMeans: 'learnt from the text', applies: 'newRun',
    help: 'A BERT vocabulary (vocab.txt), a piece a line, for text that is classified. null: pieces are learnt from the training lines.',
  },
  pretrained: {
    kind: 'text', label: 'Pretrained weights', default: null, holds: 'the path of a safetensors file', nullMeans: 'random', applies: 'newRun',
    help: 'A safetensors file with the weights of a BERT encoder of this size, to be fine-tuned. Its vocabulary goes with it.',
  },
  dropout: {
    kind: 'number', label: 'Dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of every layer\'s output that is dropped in training.',
  },
  attentionDropout: {
    kind: 'number', label: 'Attention dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of the attention\'s weights that is dropped in training.',
  },
  weightDropout: {
    kind: 'number', label: 'Weight dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of the normalised kernels of dynamic convolutions that is dropped in training.',
  },
  labelSmoothing: {
    kind: 'number', label: 'Label smoothing', default: 0, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Share of the target\'s probability that is spread evenly over the vocabulary (arXiv 1512.00567).',
  },
} as const satisfies Record<string, Knob>;
