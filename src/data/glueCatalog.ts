/**
 * The tasks of GLUE, a zip each, as the benchmark's own download script finds them. Lengths and checksums of the zips are those
 * that two data-set libraries published independently of one another; that of QQP stands in one of them alone.
 */
import type { Digest, GlueData } from './catalogEntry';
import { glueTasks, type GlueName } from './text/classification/glueTasks';

const mirrors = ['https://dl.fbaipublicfiles.com/glue/data/'];

type Zip = readonly [file: string, bytes: number, sha256: string];

const entry = (name: GlueName, folder: string, title: string, licence: string, zip?: Zip): GlueData => ({
  kind: 'glue', folder, title, licence, editions: glueTasks[name].editions, mirrors: zip === undefined ? [] : mirrors,
  published: zip === undefined ? [] : [{ file: zip[0], bytes: zip[1], digest: `sha256:${zip[2]}` satisfies Digest }],
});

export const glueCatalog = {
  'cola': entry('cola', 'CoLA', '8,551 and 1,043 sentences that are English, or are not',
    'No licence is stated: examples out of the literature of linguistics, whose copyright stays with authors and publishers; given out for research. Cite Warstadt, Singh and Bowman, 2018.',
    ['CoLA.zip', 376_971, 'f212fcd832b8f7b435fb991f101abf89f96b933ab400603bf198960dfc32cbff']),
  'sst-2': entry('sst-2', 'SST-2', '67,349 and 872 phrases of film reviews, for or against',
    'No licence is stated: parts of reviews from Rotten Tomatoes. Cite Socher et al., 2013; do not pass them on.',
    ['SST-2.zip', 7_439_277, 'd67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa']),
  'mrpc': entry('mrpc', 'MRPC', '3,668 and 408 pairs of sentences from the news that say the same, or do not',
    'Microsoft Research Data License Agreement: for research, and whoever downloads it must agree. So it is not fetched here: take it from Microsoft\'s download page of the Microsoft Research Paraphrase Corpus.'),
  'qqp': entry('qqp', 'QQP', '363,846 and 40,430 pairs of questions that ask the same, or do not',
    'Quora\'s terms of service: for non-commercial use; do not pass them on.',
    ['QQP-clean.zip', 41_696_084, '40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0']),
  'sts-b': entry('sts-b', 'STS-B', '5,749 and 1,500 pairs of sentences with a mark for how much alike they are',
    'Creative Commons Attribution-ShareAlike 4.0 for the collection; its parts have terms of their own. Cite Cer et al., 2017.',
    ['STS-B.zip', 802_872, 'e60a6393de5a8b5b9bac5020a1554b54e3691f9d600b775bd131e613ac179c85']),
  'mnli': entry('mnli', 'MNLI', '392,702 and 9,815 pairs of sentences, of which the second follows, contradicts or neither',
    'The licence of the Open American National Corpus, free of restrictions, for most of it; the fiction under Creative Commons licences or in the public domain. Cite Williams, Nangia and Bowman, 2018.',
    ['MNLI.zip', 312_783_507, 'e7c1d896d26ed6caf700110645df426cc2d8ebf02a5ab743d5a5c68ac1c83633']),
  'qnli': entry('qnli', 'QNLI', '104,743 and 5,463 questions with a sentence that answers them, or does not',
    'Creative Commons Attribution-ShareAlike 4.0, as SQuAD, of which it is made. Cite Rajpurkar et al., 2016.',
    ['QNLIv2.zip', 10_627_589, 'e634e78627a29adaecd4f955359b22bf5e70f2cbd93b493f2d624138a0c0e5f5']),
  'rte': entry('rte', 'RTE', '2,490 and 277 pairs of sentences, of which the second follows, or does not',
    'No licence is stated: the PASCAL challenges of 2006 to 2009, given out for research. Cite Dagan et al., 2006, and its successors.',
    ['RTE.zip', 697_150, '6bf86de103ecd335f3441bd43574d23fef87ecc695977a63b82d5efb206556ee']),
  'wnli': entry('wnli', 'WNLI', '635 and 71 pairs of sentences, of which the second says whom a pronoun means, rightly or not',
    'Creative Commons Attribution 4.0. Cite Levesque, Davis and Morgenstern, 2011.',
    ['WNLI.zip', 28_999, 'ae0e8e4d16f4d46d4a0a566ec7ecceccfd3fbfaa4a7a4b4e02848c0f2561ac46']),
} as const satisfies Readonly<Record<GlueName, GlueData>>;
