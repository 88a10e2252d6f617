/** Random graphs with figures, for comparing the planner and the predicted bytes with slow ways to the same. Their operations never run. */
import type { Random } from '../../../../src/bench/random';
import type { ModelFigures } from '../../../../src/gradients/recompute/figures';
import type { Model, Node, Operation } from '../../../../src/models/model';

export interface NodeSketch {
  readonly inputs: readonly number[];
  readonly parameters?: boolean;
  readonly keepsInputs?: readonly number[];
  readonly keepsOutput?: boolean;
  readonly keepsExtras?: boolean;
  readonly name?: string;
}

const unused = (): never => { throw new Error('A sketch does not run.'); };

/** A model of one input, value 0; node i makes value i + 1. */
export function sketch(nodes: readonly NodeSketch[]): Model {
  let parameters = 0;
  const made = nodes.map((node, index): Node => {
    const operation: Operation = { keeps: { inputs: node.keepsInputs ?? [], output: node.keepsOutput ?? false, extras: node.keepsExtras ?? false }, forward: unused, backward: unused };
    return { name: node.name ?? `node${index}`, inputs: node.inputs, parameters: node.parameters === true ? [parameters++] : [], buffers: [], operation };
  });
  return {
    name: 'sketch', inputs: [{ name: 'input', shape: [1], dtype: 'float32' }], buffers: [], nodes: made, penalties: [],
    parameters: Array.from({ length: parameters }, (_, index) => ({ name: `p${index}`, shape: [1], deviation: 0 })),
    loss: { name: 'none', forward: unused, backward: unused },
  };
}

/** Nodes read mostly the newest values, and everything reaches the last node, as in networks. */
export function randomGraph(random: Random, nodes: number): Model {
  const sketches: NodeSketch[] = [];
  for (let index = 0; index < nodes; index++) {
    const older = () => Math.max(0, index - random.below(4));
    const inputs = random.uniform() < 0.4 && index > 0 ? [index, older()] : [random.uniform() < 0.8 ? index : older()];
    sketches.push({
      inputs, parameters: random.uniform() < 0.6, keepsInputs: inputs.flatMap((_, place) => (random.uniform() < 0.5 ? [place] : [])),
      keepsOutput: random.uniform() < 0.4, keepsExtras: random.uniform() < 0.3,
    });
  }
  return sketch(sketches);
}

export function randomFigures(random: Random, { nodes }: Model): ModelFigures {
  return {
    batchBytes: 0, lossBytes: 8 * random.below(4),
    nodes: nodes.map(({ inputs, operation: { keeps } }) => {
      const bytes = 4 + 4 * random.below(40);
      const plain = inputs.length > 1 && keeps.inputs.length === 0 && !keeps.output && !keeps.extras;
      return {
        outputBytes: bytes, extrasBytes: keeps.extras ? 4 * random.below(20) : 0, forwardMs: 1 + random.below(9), flops: random.below(100),
        ...plain && random.uniform() < 0.5 ? { gradientIsOutputs: inputs.map((_, place) => place) } : {},
      };
    }),
  };
}
