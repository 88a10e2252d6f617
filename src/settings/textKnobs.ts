/** How text is cut into tokens and batches, and how models of sequences are regularised. */
import type { Knob } from './knob';

export const textKnobs = {
  batchTokens: {
    kind: 'number', label: 'Batch tokens', default: null, min: 16, max: 1_000_000, integer: true, scale: 'log', nullMeans: 'batch size counts', applies: 'newRun',
    help: 'Tokens per step, padding counted: lines of about one length go together, as many as fit. null: as many lines as the batch size says.',
  },
  maxTokens: {
    kind: 'number', label: 'Longest line', default: 175, min: 4, max: 4096, integer: true, scale: 'log', applies: 'newRun',
    help: 'Tokens that a line may have. Pairs with a longer side are left out of parallel text; lines to be classified are cut; a text to be continued is cut into pieces of so many.',
  },
  merges: {
    kind: 'number', label: 'Merges', default: 10_000, min: 0, max: 100_000, smallest: 1, integer: true, scale: 'log', applies: 'newRun',
    help: 'How many times the most frequent pair of neighbouring tokens becomes one token (byte-pair encoding, arXiv 1508.07909), learnt from the training lines, both languages together. 0: tokens are characters.',
  },
  sourceFile: {
    kind: 'path', label: 'Source file', default: null, holds: 'the path of a text file', nullMeans: 'none', applies: 'newRun',
    help: 'The text that is read, in UTF-8: a sentence a line for the data "parallel", any text for the data "text", which reads the English messages that are built in where this is null. A relative path starts at the run file.',
  },
  targetFile: {
    kind: 'path', label: 'Target file', default: null, holds: 'the path of a text file', nullMeans: 'none', applies: 'newRun',
    help: 'The translations of the source file for the data "parallel": as many lines, in the same order. A relative path starts at the run file.',
  },
  vocabularyFile: {
    kind: 'path', label: 'Vocabulary file', default: null, holds: 'the path of a vocabulary', nullMeans: 'learnt from the text', applies: 'newRun',
    help: 'For text that is classified, the vocabulary of a BERT model (vocab.txt), a piece a line; for other text, the merges that the program subword-nmt learnt (a codes file). null: learnt from the training lines. A relative path starts at the run file.',
  },
  pretrained: {
    kind: 'path', label: 'Pretrained weights', default: null, holds: 'the path of a safetensors file', nullMeans: 'random', applies: 'newRun',
    help: 'The weights of a BERT encoder of this size, to be fine-tuned (model.safetensors); the vocabulary file that belongs to them must be given, too. null: weights start at random. A relative path starts at the run file.',
  },
  dropout: {
    kind: 'number', label: 'Dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of every layer\'s output that is set to zero at random in training, against over-fitting.',
  },
  attentionDropout: {
    kind: 'number', label: 'Attention dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of the attention\'s weights that is set to zero at random in training.',
  },
  weightDropout: {
    kind: 'number', label: 'Weight dropout', default: 0.1, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Fraction of the normalised kernels of dynamic and lightweight convolutions that is set to zero at random in training.',
  },
  labelSmoothing: {
    kind: 'number', label: 'Label smoothing', default: 0, min: 0, max: 0.9, scale: 'linear', applies: 'newRun',
    help: 'Share of the target\'s probability that is spread evenly over all tokens, or classes (arXiv 1512.00567).',
  },
} as const satisfies Record<string, Knob>;
