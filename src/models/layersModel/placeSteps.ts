/**
 * The steps of a model in the order in which tfjs-layers runs its layers, models within it opened up. Values are numbered: first the
 * model's inputs, then what each step makes.
 */
import { tidy, zeros } from '@tensorflow/tfjs-core';
import { explicitSteps } from './explicitSteps';
import { isContainer, makesMasks, type Container, type Layer, type SymbolicTensor } from './layersInternals';
import { sourceOf } from './layerSources';
import { firstMask, maskOperation } from './maskOperation';
import type { PlacedStep, Step } from './step';

/** A value and, where there is one, the value that masks it. */
interface Value {
  readonly number: number;
  readonly mask?: number;
}

export function placeSteps(model: Container): { steps: PlacedStep[]; output: number } {
  const placing = new Placing(model.inputs.length);
  const [output] = placing.run(model, model.inputs.map((_, number) => ({ number })), '');
  if (output === undefined) throw new Error(`The model ${model.name} has no output.`);
  return { steps: placing.steps, output: output.number };
}

class Placing {
  readonly steps: PlacedStep[] = [];
  private readonly names = new Set<string>();

  constructor(private nextNumber: number) {}

  /** Places all layers of a model; the values of its outputs. */
  run(container: Container, inputs: readonly Value[], prefix: string): Value[] {
    const values = new Map<SymbolicTensor, Value>(container.inputs.map((symbolic, index) => [symbolic, inputs[index] as Value]));
    for (const symbolic of executionOrder(container)) values.set(symbolic, this.place(symbolic, symbolic.inputs.map(input => values.get(input) as Value), prefix));
    return container.outputs.map(output => values.get(output) as Value);
  }

  private place(symbolic: SymbolicTensor, inputs: readonly Value[], prefix: string): Value {
    const { sourceLayer: layer, outputTensorIndex: output = 0 } = symbolic;
    const name = `${prefix}${layer.name}`;
    if (isContainer(layer)) return this.run(layer, inputs, `${name}/`)[output] as Value;
    if (layer.stateful) throw new Error(`The layer ${name} is stateful: what it remembers from batch to batch cannot be trained here. Make it with stateful: false.`);
    const numbers = inputs.map(({ number }) => number);
    const mask = inputs[0]?.mask;
    const steps = explicitSteps(layer, symbolic);
    const made = steps === undefined
      ? this.add(layer, name, mask === undefined ? numbers : [...numbers, mask], { kind: 'layer', layer, output, inputShapes: symbolic.inputs.map(({ shape }) => shape.slice(1)), isMasked: mask !== undefined, options: symbolic.callArgs ?? {} })
      : this.chain(layer, name, numbers, steps);
    const ownMask = this.maskOf(layer, name, symbolic, inputs);
    return ownMask === undefined ? { number: made } : { number: made, mask: ownMask };
  }

  /** A layer that is nothing but the identity hands its input on. */
  private chain(layer: Layer, name: string, inputs: readonly number[], steps: readonly Step[]): number {
    return steps.reduce<readonly number[]>((from, step, index) => [this.add(layer, index === 0 ? name : `${name}/activation`, from, step)], inputs)[0] as number;
  }

  private add(layer: Layer, name: string, inputs: readonly number[], step: Step): number {
    const output = this.nextNumber++;
    const source = sourceOf(layer);
    this.steps.push({ name: this.unique(name), inputs, output, step, ...(source === undefined ? {} : { source }) });
    return output;
  }

  /** A layer that is used again has the number of the use after its name. */
  private unique(name: string): string {
    let unused = name;
    for (let use = 2; this.names.has(unused); use++) unused = `${name}:${use}`;
    this.names.add(unused);
    return unused;
  }

  private maskOf(layer: Layer, name: string, { inputs: symbolics }: SymbolicTensor, inputs: readonly Value[]): number | undefined {
    if (!layer.supportsMasking) return undefined;
    if (!makesMasks(layer)) return inputs[0]?.mask;
    const masks = inputs.map(({ mask }) => mask);
    if (!makesMask(layer, symbolics, masks)) return undefined;
    const present = masks.filter(mask => mask !== undefined);
    return this.add(layer, `${name}/mask`, [...inputs.map(({ number }) => number), ...present], { kind: 'plain', isRelu: false, operation: maskOperation(layer, masks.map(mask => mask !== undefined)) });
  }
}

/** Tried on a single example of zeros: many layers take masks in and give none out. */
function makesMask(layer: Layer, symbolics: readonly SymbolicTensor[], masks: readonly (number | undefined)[]): boolean {
  let makes = false;
  tidy(() => {
    const inputs = symbolics.map(({ shape, dtype }) => zeros(shape.map(length => length ?? 1), dtype));
    const mask = layer.computeMask(inputs, masks.map((given, index) => (given === undefined ? null : zeros((symbolics[index]?.shape ?? []).slice(0, 2).map(length => length ?? 1), 'bool'))));
    makes = firstMask(mask) !== null;
  });
  return makes;
}

/** As tfjs-layers sorts them: depth first from the output, the last input of a layer before the others. */
function executionOrder({ inputs, outputs }: Container): SymbolicTensor[] {
  const visited = new Set<SymbolicTensor>(inputs);
  const sorted: SymbolicTensor[] = [];
  const visit = (symbolic: SymbolicTensor) => {
    if (visited.has(symbolic)) return;
    for (const input of symbolic.inputs.toReversed()) visit(input);
    visited.add(symbolic);
    sorted.push(symbolic);
  };
  for (const output of outputs) visit(output);
  return sorted;
}
