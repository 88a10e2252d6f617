/**
 * The weights of layers as whoever trains them lends them: a layer reads what is lent for the time of a call, and what it writes is
 * taken instead of stored. Its own variables are gone.
 */
import { clone, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable } from './layersInternals';

interface Lent {
  readonly value: Tensor;
  written?: Tensor;
  wasRead: boolean;
}

const lentNow = new WeakMap<LayerVariable, Lent>();

/** From now on the variable holds nothing; its values were read before. */
export function detach(variable: LayerVariable): void {
  const own = variable.read();
  variable.read = () => {
    const lent = lentNow.get(variable);
    if (lent === undefined) throw new Error(`The weight ${variable.name} belongs to the training, and is there for its layer's calls only.`);
    lent.wasRead = true;
    return lent.written ?? lent.value;
  };
  variable.write = value => {
    const lent = lentNow.get(variable);
    if (lent === undefined) throw new Error(`The weight ${variable.name} can be written in its layer's calls only.`);
    if (lent.written !== value) {
      lent.written?.dispose();
      // The layer may be in a tidy of its own, which this outlives.
      lent.written = keep(clone(value));
    }
    return variable;
  };
  own.dispose();
}

export interface Lending<Result> {
  readonly result: Result;
  /** What was written, by variable, for the caller's tidy. */
  readonly written: readonly (Tensor | undefined)[];
  readonly wasRead: readonly boolean[];
}

/** Calls `body` while the variables hold these tensors. */
export function lending<Result>(variables: readonly LayerVariable[], tensors: readonly Tensor[], body: () => Result): Lending<Result> {
  const lent = variables.map((_, index): Lent => ({ value: tensors[index] as Tensor, wasRead: false }));
  variables.forEach((variable, index) => { lentNow.set(variable, lent[index] as Lent); });
  try {
    const result = body();
    return { result, written: lent.map(({ written }) => written && clone(written)), wasRead: lent.map(({ wasRead }) => wasRead) };
  } finally {
    lent.forEach(({ written }) => written?.dispose());
    variables.forEach(variable => lentNow.delete(variable));
  }
}
