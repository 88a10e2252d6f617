/** Tensors of a perceptron with about ten layers that make up exactly `dimension` parameters. */
import type { Shaped } from '../../settings/parameterSpace';

export function problemShapes(dimension: number): readonly Shaped[] {
  const width = Math.max(1, Math.floor(Math.sqrt(dimension / 10)));
  const layers = Math.floor(dimension / (width * (width + 1)));
  const rest = dimension - layers * width * (width + 1);
  const rows = Math.floor(rest / width);
  return [
    ...Array.from({ length: layers }, (_, layer): Shaped[] => [
      { name: `dense${layer + 1}/kernel`, shape: [width, width] }, { name: `dense${layer + 1}/bias`, shape: [width] },
    ]).flat(),
    ...rows > 0 ? [{ name: 'logits/kernel', shape: [rows, width] }] : [],
    ...rest % width > 0 ? [{ name: 'logits/bias', shape: [rest % width] }] : [],
  ];
}
