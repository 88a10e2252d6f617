/**
 * The blocks of a model, where it does not name their ends itself. Where paths merge, a block ends at a residual sum: a node that reads several values and whose output alone
 * goes on (inputs of the model may pass by). In a chain, a block ends after every node with parameters. What follows
 * the last end is a stretch of its own.
 */
import type { Model } from '../../models/model';
import { crossing, dataflowOf, outputOf, type Dataflow } from './dataflow';

/** The positions behind the blocks' last nodes, ascending; the number of nodes is not among them. */
export function blockEnds(model: Model): number[] {
  const flow = dataflowOf(model);
  const within = (ends: readonly number[]) => ends.filter(end => end < flow.nodes);
  if (model.blocks !== undefined) return within(model.blocks.map(block => model.nodes.findLastIndex(({ name }) => name === block) + 1)).filter(end => end > 0).sort((a, z) => a - z);
  const sums = within(model.nodes.flatMap((_, index) => (isResidualSum(flow, index) ? [index + 1] : [])));
  return sums.length > 0 ? sums : within(model.nodes.flatMap(({ parameters }, index) => (parameters.length > 0 && narrow(flow, index) ? [index + 1] : [])));
}

function isResidualSum(flow: Dataflow, node: number): boolean {
  return new Set(flow.reads[node]).size > 1 && narrow(flow, node);
}

/** Nothing but its output goes on. */
function narrow(flow: Dataflow, node: number): boolean {
  return crossing(flow, node + 1).every(value => value === outputOf(flow, node) || value < flow.inputs);
}
