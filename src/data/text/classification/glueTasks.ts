/**
 * The tasks of GLUE (arXiv 1804.07461) as their files hold them: which columns there are, which of them are read, and how many
 * lines of examples the published files have. The files of tests have no labels, so they are of no use here. Columns and
 * labels: the files' own first lines; numbers of lines: the list of the data-set library that most people load GLUE with.
 */
import type { classifications } from '../../../settings/dataFit';

export type GlueName = Exclude<(typeof classifications)[number], 'message-kinds'>;

/** A file of fields between tabs, without quotes. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  /** Whether its first line names them. */
  readonly headed: boolean;
  /** Examples in the published file. */
  readonly rows: number;
}

/** Two files that belong together. */
export interface Edition {
  readonly train: Table;
  readonly validation: Table;
}

export interface GlueTask {
  /** Columns of the one or two sentences that an example is made of. */
  readonly sentences: readonly [string] | readonly [string, string];
  readonly label: string;
  /** Classes in the order of their numbers; absent where labels are marks from 0 to 5. */
  readonly classes?: readonly string[];
  readonly editions: readonly [Edition, ...Edition[]];
}

const columnsOf = (line: string) => line.split(' ');
const edition = (columns: readonly string[], train: number, validation: number, headed = true): Edition => ({
  train: { file: 'train.tsv', columns, headed, rows: train }, validation: { file: 'dev.tsv', columns, headed, rows: validation },
});

const paraphrases = ['Quality', '#1 ID', '#2 ID', '#1 String', '#2 String'];
const inferences = columnsOf('index promptID pairID genre s1_binary_parse s2_binary_parse s1_parse s2_parse sentence1 sentence2');
const pairs = columnsOf('index sentence1 sentence2 label');
const entailments = ['entailment', 'not_entailment'];
const noOrYes = ['0', '1'];

export const glueTasks: Readonly<Record<GlueName, GlueTask>> = {
  'cola': { sentences: ['sentence'], label: 'label', classes: noOrYes, editions: [edition(columnsOf('source label mark sentence'), 8_551, 1_043, false)] },
  'sst-2': { sentences: ['sentence'], label: 'label', classes: noOrYes, editions: [edition(columnsOf('sentence label'), 67_349, 872)] },
  'mrpc': {
    sentences: ['#1 String', '#2 String'], label: 'Quality', classes: noOrYes,
    // What the usual script makes for GLUE, and the corpus as Microsoft publishes it, with its own files of training and test.
    editions: [edition(paraphrases, 3_668, 408), {
      train: { file: 'msr_paraphrase_train.txt', columns: paraphrases, headed: true, rows: 4_076 },
      validation: { file: 'msr_paraphrase_test.txt', columns: paraphrases, headed: true, rows: 1_725 },
    }],
  },
  'qqp': { sentences: ['question1', 'question2'], label: 'is_duplicate', classes: noOrYes, editions: [edition(columnsOf('id qid1 qid2 question1 question2 is_duplicate'), 363_846, 40_430)] },
  'sts-b': { sentences: ['sentence1', 'sentence2'], label: 'score', editions: [edition(columnsOf('index genre filename year old_index source1 source2 sentence1 sentence2 score'), 5_749, 1_500)] },
  'mnli': {
    sentences: ['sentence1', 'sentence2'], label: 'gold_label', classes: ['entailment', 'neutral', 'contradiction'],
    editions: [{
      train: { file: 'train.tsv', columns: [...inferences, 'label1', 'gold_label'], headed: true, rows: 392_702 },
      validation: { file: 'dev_matched.tsv', columns: [...inferences, ...columnsOf('label1 label2 label3 label4 label5 gold_label')], headed: true, rows: 9_815 },
    }],
  },
  'qnli': { sentences: ['question', 'sentence'], label: 'label', classes: entailments, editions: [edition(columnsOf('index question sentence label'), 104_743, 5_463)] },
  'rte': { sentences: ['sentence1', 'sentence2'], label: 'label', classes: entailments, editions: [edition(pairs, 2_490, 277)] },
  'wnli': { sentences: ['sentence1', 'sentence2'], label: 'label', classes: noOrYes, editions: [edition(pairs, 635, 71)] },
};
