import assert from 'node:assert/strict';
import { planChart } from '../../../src/exports/charts/planChart';
import { paint } from '../../../src/exports/pictures/paint';
import { svgScene } from '../../../src/exports/pictures/svgScene';
import { riskWords } from '../../../src/protocol/risks';
import { samplePlan } from '../../support/panelPlan';
import { assertWellFormed } from '../../support/wellFormed';

describe('exports: the picture of a plan', () => {
  const timed = samplePlan.front.filter(({ stepMs }) => stepMs !== undefined);

  it('shows every combination that has a time, the chosen one and the budget', () => {
    const scene = planChart({ ...samplePlan, chosen: 0 }, 'mine')!;
    const svg = svgScene(scene);
    assertWellFormed(svg);
    for (const { words, risk } of timed) {
      assert.ok(scene.description.includes(words), words);
      assert.ok(svg.includes(riskWords[risk]), risk);
    }
    const abouts = scene.shapes.flatMap(shape => (shape.kind === 'area' && shape.about !== undefined ? [shape.about] : []));
    assert.equal(abouts.length, timed.length);
    assert.ok(samplePlan.budgetBytes !== undefined && scene.shapes.some(shape => shape.kind === 'words' && shape.text.startsWith('budget ')));
    assert.ok(scene.shapes.some(shape => shape.kind === 'words' && shape.text === '1'), 'the chosen one is marked');
    assert.equal(paint(scene, 1).width, scene.width);
  });

  it('puts more bytes to the right, and longer steps higher', () => {
    const marks = planChart(samplePlan, 'mine')!.shapes.flatMap(shape => (shape.kind === 'area' && shape.about !== undefined ? [shape.points] : []));
    const middle = (points: typeof marks[number], axis: 0 | 1) => (Math.min(...points.map(point => point[axis])) + Math.max(...points.map(point => point[axis]))) / 2;
    timed.forEach((a, first) => {
      timed.forEach((b, second) => {
        if (a.peakBytes > 1.1 * b.peakBytes) assert.ok(middle(marks[first]!, 0) > middle(marks[second]!, 0), `${a.words}, ${b.words}`);
        if (a.stepMs! > 1.1 * b.stepMs!) assert.ok(middle(marks[first]!, 1) < middle(marks[second]!, 1), `${a.words}, ${b.words}`);
      });
    });
  });

  it('is none where there is nothing to compare', () => {
    assert.equal(planChart({ ...samplePlan, front: samplePlan.front.slice(0, 1) }, 'mine'), undefined);
    assert.equal(planChart({ ...samplePlan, front: samplePlan.front.map(point => ({ ...point, stepMs: undefined })) }, 'mine'), undefined);
  });
});
