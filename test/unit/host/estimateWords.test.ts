/** An estimate in the editor's words: a line above a run file, and a page. */
import assert from 'node:assert/strict';
import { estimateLine, estimateMarkdown } from '../../../src/host/estimateWords';
import { categoryLabels, phaseLabels } from '../../../src/protocol/labels';
import { categories, phases, type Bytes } from '../../../src/protocol/samples';
import { sampleEstimate } from '../../support/panelPlan';

describe('host: an estimate in words', () => {
  it('is a line with peak, phase, state and time', () => {
    assert.equal(estimateLine(sampleEstimate), '4.88 MiB at the peak, in the backward pass · optimizer state 735 KiB · 12.1 ms a step');
  });

  it('names every phase', () => {
    for (const peakPhase of phases) assert.ok(estimateLine({ ...sampleEstimate, peakPhase }).includes(`in the ${phaseLabels[peakPhase]}`));
  });

  it('leaves out what could not be estimated', () => {
    const { stepMs, flops, recomputedFlops, ...rest } = { ...sampleEstimate, flops: 2e9, recomputedFlops: 1e8 };
    for (const words of [estimateLine(rest), estimateMarkdown('a', rest)]) assert.doesNotMatch(words, /a step\b(?!,)|NaN|undefined/);
    assert.match(estimateMarkdown('a', { ...rest, flops: flops, recomputedFlops }), /\*\*2\.00 GFLOP\*\* a step, and 100 MFLOP recomputed/);
    assert.doesNotMatch(estimateMarkdown('a', { ...rest, flops, recomputedFlops: 0 }), /recomputed/);
    assert.ok(stepMs !== undefined);
  });

  it('is a page with a row for every category that holds anything, and to the byte', () => {
    const bytes = Object.fromEntries(categories.map((category, index) => [category, index * 1_234_567])) as Bytes;
    const page = estimateMarkdown('run', { ...sampleEstimate, bytes });
    for (const category of categories) {
      assert.equal(page.includes(`| ${categoryLabels[category]} | `), bytes[category] > 0, category);
      if (bytes[category] > 0) assert.ok(page.includes(`| ${bytes[category].toLocaleString('en-US')} |`), category);
    }
    assert.match(page, /\| \*\*All\*\* \| \*\*4\.88 MiB\*\* \| \| 5,113,000 at the peak \|/);
    assert.match(page, /\*\*3\.28 MiB\*\* \(3\.437 MB\) stored at most/);
  });

  it('lists what must hold, and nothing where nothing must', () => {
    assert.doesNotMatch(estimateMarkdown('run', sampleEstimate), /What must hold/);
    assert.match(estimateMarkdown('run', { ...sampleEstimate, assumptions: ['One.', 'Two.'] }), /## What must hold for these figures\n\n- One\.\n- Two\.\n/);
  });

  it('shows names and sentences as they are, whatever Markdown would make of them', () => {
    const page = estimateMarkdown('a_b*c|<d>.efcp.json', { ...sampleEstimate, assumptions: ['of [x](y) and `z` # 1'] });
    assert.ok(page.includes('# Estimate of a\\_b\\*c\\|\\<d\\>.efcp.json'));
    assert.ok(page.includes('- of \\[x\\](y) and \\`z\\` \\# 1'));
  });
});
