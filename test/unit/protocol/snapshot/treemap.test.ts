import assert from 'node:assert/strict';
import fc from 'fast-check';
import { peakOf } from '../../../../src/protocol/snapshot/peak';
import { squarify } from '../../../../src/protocol/snapshot/squarify';
import { treemap, type Area } from '../../../../src/protocol/snapshot/treemap';
import { networkSnapshot } from '../../../support/networkSnapshot';
import { randomSnapshots } from '../../../support/randomSnapshot';

const plain = { width: 600, height: 400, title: 0, gap: 0, least: 0 };

describe('snapshot: treemap', () => {
  it('gives every item an area in proportion, within the room, none over another', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1e6 }).map(bytes => ({ bytes })), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(sizes, fc.integer({ min: 10, max: 900 }), fc.integer({ min: 10, max: 900 }), (items, width, height) => {
      const placed = squarify(items, { x: 0, y: 0, width, height });
      const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.deepEqual(new Set(placed.map(([item]) => item)), new Set(items));
      placed.forEach(([{ bytes }, { x, y, width: across, height: down }], at) => {
        assert.ok(Math.abs(across * down - width * height * bytes / total) < 1e-6 * width * height);
        assert.ok(x >= -1e-6 && y >= -1e-6 && x + across <= width + 1e-6 && y + down <= height + 1e-6);
        for (const [, other] of placed.slice(0, at)) {
          const overlap = [Math.min(x + across, other.x + other.width) - Math.max(x, other.x), Math.min(y + down, other.y + other.height) - Math.max(y, other.y)];
          assert.ok(Math.min(...overlap) < 1e-6);
        }
      });
    }));
  });

  it('lays out the example of the paper as the paper does', () => {
    const placed = squarify([6, 6, 4, 3, 2, 2, 1].map(bytes => ({ bytes })), { x: 0, y: 0, width: 6, height: 4 });
    const sides = placed.map(([, { width, height }]) => [width, height].map(side => Number(side.toFixed(4))));
    assert.deepEqual(sides.slice(0, 4), [[3, 2], [3, 2], [1.7143, 2.3333], [1.2857, 2.3333]]);
  });

  it('holds every byte once on each level', () => {
    fc.assert(fc.property(randomSnapshots(150), snapshot => {
      const peak = peakOf(snapshot);
      const areas = treemap(peak, plain);
      for (const level of ['category', 'layer', 'buffer'] as const) assert.equal(areas.filter(area => area.level === level).reduce((sum, { bytes }) => sum + bytes, 0), peak.total);
    }));
  });

  it('draws by themselves exactly the layers that are large enough, with what a plain sum says', () => {
    fc.assert(fc.property(randomSnapshots(150), fc.integer({ min: 0, max: 60_000 }), (snapshot, least) => {
      const peak = peakOf(snapshot);
      const sums = new Map<string, number>();
      for (const buffer of peak.alive) {
        const key = `${peak.category[buffer]!} ${snapshot.buffers.layer[buffer]!}`;
        sums.set(key, (sums.get(key) ?? 0) + snapshot.buffers.bytes[buffer]!);
      }
      const areas = treemap(peak, { ...plain, least });
      const categoryOf = (area: Area) => areas.find(({ level, category }) => level === 'category' && category === area.category)!;
      const layers = areas.filter(({ level }) => level === 'layer');
      const isLarge = (bytes: number, { width, height, bytes: whole }: Area) => bytes >= least * whole / Math.max(1, width * height);
      for (const area of layers) if (area.layer !== undefined) assert.ok(area.bytes === sums.get(`${area.category} ${area.layer}`) && isLarge(area.bytes, categoryOf(area)));
      const named = new Set(layers.filter(({ layer }) => layer !== undefined).map(({ category, layer }) => `${category} ${layer}`));
      for (const [key, bytes] of sums) if (bytes > 0 && !named.has(key)) assert.ok(!isLarge(bytes, areas.find(({ level, category }) => level === 'category' && category === Number(key.split(' ')[0]))!));
      assert.equal(layers.reduce((sum, { bytes }) => sum + bytes, 0), peak.total);
    }));
  });

  it('keeps what is inside inside, and draws small buffers as one', () => {
    const peak = peakOf(networkSnapshot({ layers: 60 }));
    const areas = treemap(peak, { ...plain, title: 16, gap: 1, least: 60 });
    const inside = (inner: Area, outer: Area) => inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width + 1e-6 && inner.y + inner.height <= outer.y + outer.height + 1e-6;
    let [category, layer]: (Area | undefined)[] = [];
    for (const area of areas) {
      if (area.level === 'category') category = area;
      if (area.level === 'layer') layer = area;
      if (area.level !== 'category') assert.ok(inside(area, category!));
      if (area.level === 'buffer') assert.ok(inside(area, layer!));
    }
    // Layers that are drawn as one have no buffers of their own.
    assert.equal(areas.filter(({ level, layer: of }) => level === 'buffer' || (level === 'layer' && of === undefined)).reduce((sum, { count }) => sum + count, 0), peak.alive.length);
    const coarse = treemap(peak, { ...plain, least: 1e6 });
    assert.ok(coarse.length > 0 && coarse.every(({ level, layer: of }) => level === 'category' || (level === 'layer' && of === undefined)));
  });
});
