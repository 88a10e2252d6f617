import assert from 'node:assert/strict';
import { classificationDataset } from '../../../../../src/data/text/classification/classificationDataset';
import type { LabelledTexts } from '../../../../../src/data/text/classification/readGlue';

const vocabulary = { size: 100, encode: (line: string) => Int32Array.from(line.split(' '), Number), decode: () => '' };
const marked = { vocabulary, begin: 98, separator: 99 };
const pairs: LabelledTexts = {
  classes: ['yes', 'no'],
  train: [{ sentences: ['1 2', '3'], label: 1 }, { sentences: ['4', '5 6 7 8'], label: 0 }],
  validation: [{ sentences: ['9', '10'], label: 1 }],
};

describe('data: a classification', () => {
  it('makes tokens and segments of its examples, filled up to the longest of the batch', () => {
    const dataset = classificationDataset('rte', pairs, marked, 64);
    const { inputs: [tokens, segments], labels } = dataset.make(Uint32Array.of(2, 0));
    assert.deepEqual(tokens, { shape: [2, 6], values: Int32Array.of(98, 9, 99, 10, 99, 0, 98, 1, 2, 99, 3, 99) });
    assert.deepEqual(segments, { shape: [2, 6], values: Int32Array.of(0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1) });
    assert.deepEqual(labels, { shape: [2], values: Int32Array.of(1, 1) });
    assert.deepEqual(dataset.make(Uint32Array.of(1)).inputs[0]?.shape, [1, 8]);
  });

  it('says how long its examples are, which of them are for validation, and what labels are', () => {
    const dataset = classificationDataset('rte', pairs, marked, 64);
    assert.deepEqual([dataset.examples, dataset.ownValidation, dataset.labelKind, dataset.classes], [3, 1, 'classNumbers', 2]);
    assert.deepEqual(dataset.sequences, { lengths: Uint32Array.of(6, 8, 5) });
    assert.deepEqual([dataset.inputs.map(({ shape, dtype }) => [...shape, dtype]), dataset.labels], [[[null, 'int32'], [null, 'int32']], { shape: [], dtype: 'int32' }]);
    assert.equal(dataset.text!.sourceLine(1), '4\t5 6 7 8');
    assert.equal(dataset.text!.source, vocabulary);
    // 19 tokens of two bytes, 4 places of rows, 3 segments, 3 lengths, 3 labels, 3 lines of 5, 9 and 4 bytes with 4 places.
    assert.equal(dataset.bytes, 19 * 2 + 4 * 4 + 3 * 2 + 3 * 4 + 3 * 4 + (5 + 9 + 4) + 4 * 8);
  });

  it('cuts what is too long', () => {
    assert.deepEqual(classificationDataset('rte', pairs, marked, 6).sequences?.lengths, Uint32Array.of(6, 6, 5));
  });

  it('has marks as values', () => {
    const { train, validation } = pairs;
    const dataset = classificationDataset('sts-b', { train: [{ ...train[0]!, label: 3.8 }], validation }, marked, 64);
    assert.deepEqual([dataset.labelKind, dataset.classes, dataset.labels], ['values', undefined, { shape: [], dtype: 'float32' }]);
    assert.deepEqual(dataset.make(Uint32Array.of(0)).labels, { shape: [1], values: Float32Array.of(3.8) });
  });
});
