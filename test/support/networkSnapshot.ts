/** A snapshot like that of a training step: a forward pass that keeps activations, a backward pass that takes them down again, an update. */
import { SnapshotBuilder } from './snapshotBuilder';
import type { SnapshotAbout, StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';

export interface NetworkShape {
  readonly layers?: number;
  /** Short-lived buffers of each layer, in each pass. */
  readonly scratch?: number;
  /** Small buffers of each layer that live as long as what it keeps. */
  readonly small?: number;
  readonly batch?: number;
  readonly about?: Partial<SnapshotAbout>;
}

/** Of `layers · (4 · scratch + 2 · small + 11)` events. */
export function networkSnapshot({ layers = 28, scratch = 3, small = 0, batch = 100, about = {} }: NetworkShape = {}): StepSnapshot {
  const builder = new SnapshotBuilder();
  const names = Array.from({ length: layers }, (_, layer) => `block${Math.floor(layer / 9) + 1}/unit${Math.floor(layer % 9 / 3) + 1}/${['conv1', 'norm', 'conv2'][layer % 3]}${layer >= 27 ? `.${layer}` : ''}`);
  const source = (layer: number) => `model.ts:${10 + layer % 40}`;
  const channels = (layer: number) => 16 * 2 ** Math.min(2, Math.floor(3 * layer / layers));
  const weight = (layer: number) => 9 * channels(layer) ** 2 * 4;
  const [side, activation] = [(layer: number) => 512 / channels(layer), (layer: number) => batch * (512 / channels(layer)) ** 2 * channels(layer) * 4];
  const shapeOf = (layer: number) => `${batch}x${side(layer)}x${side(layer)}x${channels(layer)}`;
  names.forEach((name, layer) => builder.there(weight(layer), 'parameters', { layer: name, shape: `3x3x${channels(layer)}x${channels(layer)}` }));
  names.forEach((name, layer) => builder.there(weight(layer), 'optimizerState', { layer: name, operation: 'velocity', type: 'bytes' }));
  builder.born(batch * 3072 * 4, 'data', { operation: 'Batch', shape: `${batch}x32x32x3` });
  const work = (layer: number, operation: string) => {
    for (let count = 0; count < scratch; count++) {
      const buffer = builder.born(Math.round(activation(layer) / (4 + count % 5)), 'workspace', { layer: names[layer]!, operation, source: source(layer), shape: `${batch}x${count}` });
      builder.now += 0.05;
      builder.died(buffer);
    }
  };
  const kept = names.map((name, layer) => {
    work(layer, 'FusedBatchNorm');
    const output = builder.born(activation(layer), 'workspace', { layer: name, operation: layer % 3 === 1 ? 'FusedBatchNorm' : 'Conv2D', source: source(layer), shape: shapeOf(layer) });
    builder.now += 0.4;
    builder.moved(output, 'activations');
    const beside = Array.from({ length: small }, (_, at) => builder.born(channels(layer) * (4 + at), 'activations', { layer: name, operation: 'Moments', source: source(layer), shape: `${channels(layer)}` }));
    return [output, ...beside];
  });
  builder.phase = 'backward';
  let above = builder.born(batch * 10 * 4, 'activationGradients', { layer: 'loss', operation: 'SoftmaxCrossEntropy', shape: `${batch}x10` });
  const gradients = names.map((_, index) => {
    const layer = layers - 1 - index;
    const words = { layer: names[layer]!, source: source(layer) };
    work(layer, 'Conv2DBackpropFilter');
    const below = builder.born(activation(layer), 'activationGradients', { ...words, operation: 'Conv2DBackpropInput', shape: shapeOf(layer) });
    const gradient = builder.born(weight(layer), 'gradients', { ...words, operation: 'Conv2DBackpropFilter', shape: `3x3x${channels(layer)}x${channels(layer)}` });
    builder.now += 0.9;
    builder.died(above, ...kept[layer]!);
    above = below;
    return gradient;
  });
  builder.died(above);
  builder.phase = 'update';
  for (const gradient of gradients) {
    const buffer = builder.born(4096, 'workspace', { operation: 'Add', shape: '1024' });
    builder.died(buffer, gradient);
  }
  return builder.build(about);
}
