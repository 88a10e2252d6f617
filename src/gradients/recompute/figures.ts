/** What a model's nodes cost in one step, measured at one size of the batch or scaled from two. */

export interface NodeFigures {
  /** Of its output as float32. */
  readonly outputBytes: number;
  readonly extrasBytes: number;
  /** Of its extras, those that half precision stores as halves; none where absent. */
  readonly packableExtrasBytes?: number;
  /** Of one forward pass. */
  readonly forwardMs: number;
  readonly flops: number;
  /** Place of the input whose buffer the output is, as a reshape's. */
  readonly outputIsInput?: number;
  /** Places of the inputs whose gradient is the output's own, as those of a sum. */
  readonly gradientIsOutputs?: readonly number[];
}

export interface ModelFigures {
  /** Of the examples and what they are compared with, which are there for the whole pass. */
  readonly batchBytes: number;
  /** By node. */
  readonly nodes: readonly NodeFigures[];
  /** Of what the loss keeps for its backward pass. */
  readonly lossBytes: number;
}

/** Bytes and operations are constant plus linear in the batch, so those of two sizes give those of every other; times are taken to be in proportion. */
export function scaleFigures(small: { batch: number; figures: ModelFigures }, large: { batch: number; figures: ModelFigures }, batch: number): ModelFigures {
  const share = (batch - small.batch) / (large.batch - small.batch);
  const at = (first: number, second: number) => Math.round(first + (second - first) * share);
  return {
    batchBytes: at(small.figures.batchBytes, large.figures.batchBytes),
    nodes: small.figures.nodes.map((node, index) => {
      const other = large.figures.nodes[index] ?? node;
      return {
        ...node, outputBytes: at(node.outputBytes, other.outputBytes), extrasBytes: at(node.extrasBytes, other.extrasBytes),
        packableExtrasBytes: at(node.packableExtrasBytes ?? 0, other.packableExtrasBytes ?? 0), flops: at(node.flops, other.flops),
        // Differences of short times are mostly noise.
        forwardMs: other.forwardMs * batch / large.batch,
      };
    }),
    lossBytes: at(small.figures.lossBytes, large.figures.lossBytes),
  };
}
