/** Places in the order of nodes where a model can be cut: what is run again after a cut needs all values that cross it. */
import type { Model } from '../../models/model';
import { crossing, dataflowOf, type Dataflow } from './dataflow';

export interface CutPoint {
  /** Between the nodes before this one and those from it on; never at either end. */
  readonly position: number;
  /** Numbers of the values that are made before and read after. */
  readonly values: readonly number[];
  /** One value crosses: nothing before the cut matters afterwards but through it. */
  readonly single: boolean;
}

/** All cuts that at most `widest` values cross, in order. */
export function cutPoints(model: Model, widest = Number.POSITIVE_INFINITY): CutPoint[] {
  return cutsOf(dataflowOf(model)).filter(({ values }) => values.length <= widest);
}

export function cutsOf(flow: Dataflow): CutPoint[] {
  return Array.from({ length: Math.max(0, flow.nodes - 1) }, (_, index) => {
    const values = crossing(flow, index + 1);
    return { position: index + 1, values, single: values.length === 1 };
  });
}
