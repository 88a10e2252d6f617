/**
 * The tape's own bookkeeping in numbers alone: values with reads and holds, one step after the other. Slow and apart from the code
 * that predicts bytes by stretches, so that the two can be compared.
 */
import { planOf } from '../../../../src/gradients/graphPlan';
import type { ModelFigures } from '../../../../src/gradients/recompute/figures';
import type { Segment } from '../../../../src/gradients/recompute/segment';
import type { Model } from '../../../../src/models/model';

export function countedPeak(model: Model, segments: readonly Segment[], figures: ModelFigures): { peak: number; again: number } {
  const plan = planOf(model, segments);
  const holds = new Map<number, number>();
  const extras = new Set<number>();
  const gradients = new Map<number, { bytes: number }>();
  const size = (value: number) => (value < model.inputs.length ? 0 : figures.nodes[value - model.inputs.length]!.outputBytes);
  const hold = (value: number) => { holds.set(value, (holds.get(value) ?? 0) + 1); };
  const release = (value: number) => { holds.set(value, (holds.get(value) ?? 0) - 1); };
  let [peak, again] = [0, 0];
  const note = (more = 0) => {
    const held = [...holds].reduce((sum, [value, count]) => sum + (count > 0 ? size(value) : 0), 0);
    const ofExtras = [...extras].reduce((sum, node) => sum + figures.nodes[node]!.extrasBytes, 0);
    const ofGradients = [...new Set(gradients.values())].reduce((sum, { bytes }) => sum + bytes, 0);
    peak = Math.max(peak, held + ofExtras + ofGradients + more);
  };
  const keptBy = (node: number) => {
    const { inputs, operation: { keeps } } = model.nodes[node]!;
    return [...keeps.inputs.map(place => inputs[place]!), ...keeps.output ? [model.inputs.length + node] : []];
  };
  const record = (node: number) => {
    keptBy(node).forEach(hold);
    if (model.nodes[node]!.operation.keeps.extras) extras.add(node);
    note();
  };

  for (const segment of plan.segments) {
    segment.boundary.forEach(hold);
    for (let node = segment.from; node < segment.to; node++) if (!segment.recompute && plan.onPath[node] === true) record(node);
  }
  note(figures.lossBytes);
  const last = model.inputs.length + model.nodes.length - 1;
  gradients.set(last, { bytes: size(last) });
  note();
  for (const segment of plan.segments.toReversed()) {
    if (segment.recompute) {
      for (const node of segment.again) again += figures.nodes[node]!.flops;
      for (let node = segment.from; node < segment.to; node++) if (plan.onPath[node] === true) record(node);
    }
    for (let node = segment.to - 1; node >= segment.from; node--) {
      const output = model.inputs.length + node;
      const gradient = gradients.get(output);
      if (plan.onPath[node] === true) {
        model.nodes[node]!.inputs.forEach((value, place) => {
          if (gradient === undefined || plan.trained[value] !== true) return;
          const shared = figures.nodes[node]!.gradientIsOutputs?.includes(place) === true && !gradients.has(value);
          gradients.set(value, shared ? gradient : { bytes: size(value) });
          note();
        });
        extras.delete(node);
        keptBy(node).forEach(release);
      }
      gradients.delete(output);
    }
    segment.boundary.forEach(release);
  }
  return { peak, again };
}
