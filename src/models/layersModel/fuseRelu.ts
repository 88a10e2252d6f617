/** A ReLU that alone reads what an operation with weights makes becomes part of it: one value less, and the operation's mask is its output. */
import type { PlacedStep } from './step';

export function fuseRelu(steps: readonly PlacedStep[], output: number): PlacedStep[] {
  const readers = new Map<number, PlacedStep[]>();
  for (const placed of steps) for (const input of placed.inputs) readers.set(input, [...(readers.get(input) ?? []), placed]);
  const taken = new Set<PlacedStep>();
  const fused = steps.map((placed): PlacedStep => {
    const { step } = placed;
    const [reader, ...others] = readers.get(placed.output) ?? [];
    const isAlone = reader !== undefined && others.length === 0 && placed.output !== output;
    if (step.kind !== 'weighted' || !step.takesRelu || step.relu || !isAlone || reader.step.kind !== 'plain' || !reader.step.isRelu) return placed;
    taken.add(reader);
    return { ...placed, output: reader.output, step: { ...step, relu: true } };
  });
  return fused.filter(placed => !taken.has(placed));
}
