import assert from 'node:assert/strict';
import { blockEnds } from '../../../../src/gradients/recompute/blocks';
import { cutPoints } from '../../../../src/gradients/recompute/cutPoints';
import { dataflowOf } from '../../../../src/gradients/recompute/dataflow';
import { RecomputeError, segmentsOf } from '../../../../src/gradients/recompute/policies';
import { rerunOf } from '../../../../src/gradients/recompute/rerun';
import type { Segment } from '../../../../src/gradients/recompute/segment';
import type { Model } from '../../../../src/models/model';
import { sketch, type NodeSketch } from './randomGraph';

const chain = (count: number): Model => sketch(Array.from({ length: count }, (_, index) => ({ inputs: [index], parameters: index % 2 === 0, keepsInputs: [0], name: `layer${index}` })));

/**
 * Three residual blocks behind a stem: norm, conv, norm, conv, sum; the first with a convolution in its shortcut. Then norm, pool,
 * dense. Norms keep input and output, convolutions their input, sums nothing.
 */
function residual(): Model {
  const nodes: NodeSketch[] = [];
  const value = () => nodes.length;
  const conv = (input: number) => { nodes.push({ inputs: [input], parameters: true, keepsInputs: [0], name: `conv${nodes.length}` }); return value(); };
  const norm = (input: number) => { nodes.push({ inputs: [input], parameters: true, keepsInputs: [0], keepsOutput: true, keepsExtras: true, name: `norm${nodes.length}` }); return value(); };
  let x = conv(0);
  for (let block = 0; block < 3; block++) {
    const first = norm(x);
    const second = conv(norm(conv(first)));
    const shortcut = block === 0 ? conv(first) : x;
    nodes.push({ inputs: [second, shortcut], name: `sum${block}` });
    x = value();
  }
  conv(norm(x));
  return sketch(nodes);
}

function assertCovers(model: Model, segments: readonly Segment[]): void {
  assert.equal(segments[0]!.from, 0);
  assert.equal(segments.at(-1)!.to, model.nodes.length);
  assert.equal(segments.at(-1)!.recompute, false, 'the last is kept');
  segments.forEach(({ from, to }, index) => { assert.ok(from < to && (index === 0 || segments[index - 1]!.to === from)); });
}

describe('cut points', () => {
  it('lie where few values cross, and those of one value are marked', () => {
    const model = residual();
    const cuts = cutPoints(model);
    assert.equal(cuts.length, model.nodes.length - 1);
    // Behind the stem, the norm that feeds both ways of the first block, every sum and the last norm.
    assert.deepEqual(cuts.filter(({ single }) => single).map(({ position }) => position), [1, 2, 7, 12, 17, 18]);
    assert.deepEqual(cuts.find(({ position }) => position === 9)?.values, [7, 9]);
    assert.deepEqual(cutPoints(model, 1).map(({ position }) => position), [1, 2, 7, 12, 17, 18]);
  });
});

describe('blocks', () => {
  it('end at residual sums', () => assert.deepEqual(blockEnds(residual()), [7, 12, 17]));
  it('of a chain end behind every node with parameters', () => assert.deepEqual(blockEnds(chain(6)), [1, 3, 5]));
  it('do not end at a product inside a residual block', () => {
    // x = dense(input); gate = x * dense(x); x + gate; dense
    const model = sketch([{ inputs: [0], parameters: true }, { inputs: [1], parameters: true }, { inputs: [2], parameters: true }, { inputs: [2, 3] }, { inputs: [1, 4] }, { inputs: [5], parameters: true }]);
    assert.deepEqual(blockEnds(model), [5]);
  });
});

describe('what of a stretch runs again', () => {
  it('is only what the backward pass reads', () => {
    // Of a block: both norms and the first convolution; the second one's output goes into the sum alone, which keeps nothing.
    const rerun = rerunOf(dataflowOf(residual()), 7, 12);
    assert.deepEqual(rerun, { nodes: [7, 8, 9], entering: [7] });
    // The shortcut's convolution does not either.
    assert.deepEqual(rerunOf(dataflowOf(residual()), 1, 7).nodes, [1, 2, 3]);
  });
});

describe('the policies of recomputation', () => {
  it('cover all nodes and keep the last stretch', () => {
    for (const model of [residual(), chain(7), chain(1)]) {
      for (const policy of [{ kind: 'none' }, { kind: 'sqrt' }, { kind: 'block' }, { kind: 'every', layers: 1 }, { kind: 'every', layers: 3 }, { kind: 'named', layers: [model.nodes[0]!.name] }] as const) {
        assertCovers(model, segmentsOf(model, policy));
      }
    }
  });

  it('none keeps all', () => assert.deepEqual(segmentsOf(chain(4), { kind: 'none' }), [{ from: 0, to: 4, recompute: false }]));

  it('every n cuts a chain behind every nth layer, and a residual network where one value goes on', () => {
    assert.deepEqual(segmentsOf(chain(7), { kind: 'every', layers: 2 }).map(({ to }) => to), [2, 4, 6, 7]);
    assert.deepEqual(segmentsOf(residual(), { kind: 'every', layers: 2 }).map(({ to }) => to), [2, 12, 18, 19]);
    assert.throws(() => segmentsOf(chain(3), { kind: 'every', layers: 0 }), RecomputeError);
  });

  it('sqrt makes about as many stretches as they are long, ending where little crosses', () => {
    assert.deepEqual(segmentsOf(chain(16), { kind: 'sqrt' }).map(({ to }) => to), [4, 8, 12, 16]);
    const cuts = new Map(cutPoints(residual()).map(({ position, values }) => [position, values.length]));
    const segments = segmentsOf(residual(), { kind: 'sqrt' });
    assert.ok(segments.length >= 4 && segments.length <= 6, `${segments.length} stretches`);
    assert.ok(segments.slice(0, -1).every(({ to }) => (cuts.get(to) ?? 9) <= 2));
  });

  it('named layers end the stretches, a layer of several nodes behind its last', () => {
    const names = ['stem', 'block/conv', 'block/norm', 'head', 'loss'];
    const model = sketch(names.map((name, index) => ({ inputs: [index], parameters: true, keepsInputs: [0], name })));
    const ends = (layers: readonly string[]) => segmentsOf(model, { kind: 'named', layers }).map(({ to, recompute }) => [to, recompute]);
    assert.deepEqual(ends(['block']), [[3, true], [5, false]]);
    assert.deepEqual(ends(['head', 'stem', 'stem']), [[1, true], [4, true], [5, false]]);
    assert.deepEqual(ends(['loss']), [[5, false]]);
    assert.throws(() => ends(['haed']), /No layer is called "haed"\. Did you mean head\?/);
    assert.throws(() => ends(['nothing-like-it']), /Layers are stem, block\/conv/);
  });
});
