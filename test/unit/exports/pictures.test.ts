import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCharts } from '../../../src/exports/charts/runCharts';
import { snapshotCharts } from '../../../src/exports/charts/snapshotCharts';
import { paint, type Pixels } from '../../../src/exports/pictures/paint';
import { png } from '../../../src/exports/pictures/png';
import { rectangle, stroke, words, type Scene, type Shape } from '../../../src/exports/pictures/scene';
import { lettering } from '../../../src/exports/pictures/strokeFont';
import { svgScene } from '../../../src/exports/pictures/svgScene';
import { readRun } from '../../../src/exports/recordedRun';
import { livesOf } from '../../../src/protocol/snapshot/lives';
import { decodePng } from '../../support/decodePng';
import { networkSnapshot } from '../../support/networkSnapshot';
import { exampleEvents, writeExample } from '../../support/recordedExample';
import { SnapshotBuilder } from '../../support/snapshotBuilder';
import { assertWellFormed } from '../../support/wellFormed';

const sceneOf = (...shapes: readonly Shape[]): Scene => ({ width: 20, height: 10, title: 'A "title" & more', description: 'Nothing', shapes });
/** How dark a pixel is, from 0 to 1. */
const ink = ({ rgba, width }: Pixels, x: number, y: number) => 1 - rgba[4 * (y * width + x)]! / 255;
const total = (pixels: Pixels) => Array.from({ length: pixels.width * pixels.height }, (_, at) => 1 - pixels.rgba[4 * at]! / 255).reduce((sum, one) => sum + one, 0);

describe('exports: pictures', () => {
  it('areas cover exactly what they cover', () => {
    const pixels = paint(sceneOf(rectangle(2.5, 3, 4, 2.5, '#000000')), 1);
    const row = (y: number) => Array.from({ length: 9 }, (_, x) => Math.round(ink(pixels, x, y) * 100) / 100);
    assert.deepEqual(row(3), [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]);
    assert.deepEqual(row(5).map(value => Math.round(value * 4) / 4), [0, 0, 0.25, 0.5, 0.5, 0.5, 0.25, 0, 0]);
    assert.deepEqual([row(2), row(6)].flat().filter(value => value > 0), []);
    const triangle = paint(sceneOf({ kind: 'area', fill: '#000000', points: [[0, 0], [20, 0], [0, 10]] }), 4);
    assert.ok(Math.abs(total(triangle) / 16 - 100) < 0.5);
  });

  it('strokes are as wide as they say, however they lie, and dashes leave gaps', () => {
    for (const [to, length] of [[[16, 5], 12], [[12, 8.5], Math.hypot(8, 3.5)]] as const) {
      const pixels = paint(sceneOf(stroke([[4, 5], to], '#000000', 2)), 8);
      assert.ok(Math.abs(total(pixels) / 64 - (2 * length + Math.PI)) < 0.15, `${total(pixels) / 64}`);
    }
    const dashed = paint(sceneOf(stroke([[0, 5], [20, 5]], '#000000', 1, [4, 4])), 4);
    assert.deepEqual([2, 6, 10, 14, 18].map(x => Math.round(ink(dashed, 4 * x, 20))), [1, 0, 1, 0, 1]);
  });

  it('lays colours over one another by their opacity, and leaves nothing behind for the next', () => {
    const pixels = paint(sceneOf(rectangle(0, 0, 10, 10, '#ff0000'), { ...rectangle(0, 0, 5, 10, '#0000ff'), opacity: 0.25 }, rectangle(15, 0, 1, 1, '#00ff00')), 1);
    const at = (x: number) => [...pixels.rgba.slice(4 * (5 * 20 + x), 4 * (5 * 20 + x) + 4)];
    assert.deepEqual([at(2), at(7), at(12)], [[191, 0, 64, 255], [255, 0, 0, 255], [255, 255, 255, 255]]);
  });

  it('letters have their own shapes, accents go where there is no letter with them', () => {
    const printable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
    const box = JSON.stringify(lettering('\u4e00', 10));
    const shapes = printable.map(character => JSON.stringify(lettering(character, 10)));
    assert.ok(shapes.every(shape => shape !== box && !shape.includes('null')));
    assert.equal(new Set(shapes).size, printable.length);
    assert.deepEqual(lettering('Élan', 12), lettering('Elan', 12));
    const end = paint(sceneOf(words('I', [19, 9], '#000000', { anchor: 'end' })), 4);
    assert.ok(total(end) > 10 && ink(end, 4 * 10, 16) === 0);
  });

  it('a PNG is read back as it was painted, by a reader of its own', () => {
    const pixels = paint(sceneOf(rectangle(0, 0, 7, 10, '#123456'), stroke([[0, 0], [20, 10]], '#fedcba', 3), words('Ag', [8, 8], '#333333')), 3);
    const read = decodePng(png(pixels, 'A “title”'));
    assert.deepEqual([read.width, read.height, read.text], [60, 30, { Title: 'A “title”' }]);
    for (let y = 0; y < 30; y++) for (let x = 0; x < 60; x++) assert.deepEqual(read.pixel(x, y), [...pixels.rgba.slice(4 * (y * 60 + x), 4 * (y * 60 + x) + 4)]);
  });

  it('an SVG is well-formed and says what it shows', () => {
    const svg = svgScene(sceneOf(words('a < b', [1, 2], '#000000', { bold: true }), rectangle(0, 0, 1, 1, '#000000', 'A & B'), stroke([[0, 0], [1, 1]], '#000000', 1, [2, 1])));
    assertWellFormed(svg);
    assert.match(svg, /<title id="title">A &quot;title&quot; &amp; more<\/title><desc id="description">Nothing<\/desc>/);
    assert.match(svg, /stroke-dasharray="2 1"/);
  });

  describe('of a run', () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-')); });
    afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

    it('are one for each thing that it measured, with its changes and alarms marked', async () => {
      const charts = runCharts(await readRun(writeExample(folder)));
      assert.deepEqual([...charts.keys()], ['memory', 'breakdown', 'state', 'loss', 'accuracy', 'stepTime', 'updateCosine', 'updateRatio', 'updateSupport', 'gradientNorm', 'residualNorm', 'residualRatio', 'effectiveWindow', 'gramCondition']);
      for (const scene of charts.values()) {
        assertWellFormed(svgScene(scene));
        assert.ok(scene.shapes.every(shape => shape.kind === 'words' ? shape.at.every(Number.isFinite) : shape.points.flat().every(Number.isFinite)), scene.title);
        for (const shape of scene.shapes) if (shape.kind === 'words') assert.ok(shape.at[0] >= 0 && shape.at[0] <= scene.width && shape.at[1] <= scene.height, shape.text);
      }
      const said = charts.get('loss')!.shapes.flatMap(shape => shape.kind === 'words' ? [shape.text] : []);
      assert.ok(['1', 'density 0.01 \u2192 0.005', '2', 'alarm: budget'].every(text => said.includes(text)));
      assert.ok(charts.get('stepTime')!.shapes.some(shape => shape.kind === 'words' && shape.text === 'predicted'));
    });

    it('that recorded one sample, none, or a loss that is no number, are drawn as far as they can be', async () => {
      const events = exampleEvents();
      const one = runCharts(await readRun(writeExample(folder, events.slice(0, 3).map(event => JSON.stringify(event)))));
      assert.ok(one.size > 5 && !svgScene(one.get('loss')!).includes('NaN'));
      rmSync(folder, { recursive: true });
      assert.equal(runCharts(await readRun(writeExample(folder, []))).size, 0);
      const sample = events.find(event => event.type === 'sample')!;
      const odd = runCharts(await readRun(writeExample(folder, [events[1]!, { ...sample, loss: 0, lossMin: -1, lossMax: 0 }].map(event => JSON.stringify(event)))));
      assert.ok([...odd.values()].every(scene => !svgScene(scene).includes('NaN')));
    });
  });

  it('of a step show its phases, its peak and its layers', () => {
    const charts = snapshotCharts(livesOf(networkSnapshot()));
    assert.deepEqual([...charts.keys()], ['live', 'breakdown', 'treemap', 'layers']);
    for (const scene of charts.values()) assertWellFormed(svgScene(scene));
    const said = charts.get('live')!.shapes.flatMap(shape => shape.kind === 'words' ? [shape.text] : []);
    for (const text of ['forward', 'backward', 'update', 'peak 111 MiB']) assert.ok(said.includes(text), text);
    assert.equal(snapshotCharts(livesOf(new SnapshotBuilder().build())).size, 0);
  });
});
