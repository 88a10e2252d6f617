import assert from 'node:assert/strict';
import { convergenceReport } from '../../../src/bench/convergence/report';
import { rosenbrockPaths } from '../../../src/bench/convergence/rosenbrock';
import { softmaxStudy } from '../../../src/bench/convergence/softmaxStudy';
import { runStudy, type Study } from '../../../src/bench/convergence/study';
import { isShown, verdict } from '../../../src/bench/convergence/verdict';
import { assertWellFormed } from '../../support/wellFormed';

const tiny = { examples: 40, features: 6, classes: 3, batch: 8 };
const page = async (study: Study, seeds: readonly number[]) =>
  convergenceReport({ studies: [await runStudy(study, seeds, () => undefined)], seeds, machine: 'a machine', rosenbrock: { steps: 20, learningRate: 0.1, paths: rosenbrockPaths(20, 0.1) } });

describe('the convergence bench', () => {
  it('at 1 % density error feedback stays within 1.15 of the dense loss, and without it the loss is at least doubled', async function () {
    this.timeout(120_000);
    const full = softmaxStudy({ steps: 600, size: { examples: 2000, features: 50, classes: 10, batch: 32 } });
    const study: Study = {
      ...full,
      methods: full.methods.filter(({ family, compression }) => family !== 'baseline' && (compression === 'none' || compression === 'Top-K 1 %')),
      firstRungs: ({ family }) => family === 'M-FAC' ? [-4, -3] : [0, 1],
    };
    const findings = verdict(await runStudy(study, [1], () => undefined));
    assert.deepEqual(findings.map(({ family, errorFeedback }) => [family, errorFeedback]), [['M-FAC', true], ['M-FAC', false], ['GGT', true], ['GGT', false]]);
    for (const { family, errorFeedback, ratio, holds } of findings) assert.ok(holds, `${family} ${errorFeedback ? 'with' : 'without'} error feedback: ${ratio}`);
    assert.ok(isShown(findings));
  });

  it('the claim is not shown where a finding fails or none was made', () => {
    const finding = { family: 'M-FAC', errorFeedback: true, ratio: 1.3, holds: false };
    assert.equal(isShown([finding, { ...finding, holds: true }]), false);
    assert.equal(isShown([]), false);
  });

  it('the report has every method, every learning rate and every picture', async () => {
    const study = softmaxStudy({ steps: 12, size: tiny });
    const { markdown, pictures } = await page(study, [1, 2, 3]);
    for (const { label } of study.methods) assert.ok(markdown.includes(`| ${label} |`), label);
    for (const words of ['## Verdict', 'LR-GGT (ours), rank 1 | no', 'median loss [min, max]', 'ratio to dense', '## Appendix', '3 seeds (1, 2, 3)', 'a machine']) assert.ok(markdown.includes(words), words);
    assert.deepEqual(Object.keys(pictures).sort(), ['rosenbrock.svg', 'softmax-ggt-low-rank.svg', 'softmax-ggt-top-k.svg', 'softmax-mfac-low-rank.svg', 'softmax-mfac-top-k.svg']);
    for (const [file, picture] of Object.entries(pictures)) {
      assert.ok(markdown.includes(`(${file})`), `${file} is shown`);
      assertWellFormed(picture);
    }
    assert.doesNotMatch(markdown, /NaN|undefined/);
    for (const table of markdown.split('\n\n').filter(text => text.startsWith('|'))) {
      const widths = new Set(table.trim().split('\n').map(line => line.split('|').length));
      assert.equal(widths.size, 1, 'every row of a table has as many cells');
    }
  });

  it('a method that diverges at every learning rate is told as such, and does not spoil the page', async () => {
    const study = softmaxStudy({ steps: 12, size: tiny });
    const [sgd, ...others] = study.methods;
    const broken: Study = { ...study, methods: others.slice(1), run: (settings, seed) => settings.optimizer === 'dense-mfac' ? Promise.resolve({ loss: Infinity, curve: [] }) : study.run(settings, seed) };
    const { markdown, holds } = await page(broken, [1]);
    assert.equal(sgd?.label, 'SGD');
    assert.match(markdown, /\| M-FAC \| – \| \S+ \(edge\) \| ∞ \[∞, ∞\] \|/);
    assert.match(markdown, /was not reproduced/);
    assert.equal(holds, false);
  });
});
