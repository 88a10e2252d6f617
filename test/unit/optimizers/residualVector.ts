import { addResidual, type Residual } from '../../../src/optimizers/residual';

/** A residual of so many parameters, written out in full. */
export function residualVector(residual: Residual, dimension: number): Float32Array {
  const vector = new Float32Array(dimension);
  addResidual(residual, vector);
  return vector;
}
