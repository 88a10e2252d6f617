/** Initial parameters: normal deviates by Box and Muller from a seeded generator, so that a seed fixes a run on every backend. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { sizeOf, type ParameterSpecification } from './model';

/** Values of each parameter, in order; each array [product of its shape]. */
export function initialValues(parameters: readonly ParameterSpecification[], seed: number): Float32Array[] {
  const generator = xoroshiro128plus(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));
  return parameters.map(({ shape, deviation, initial }) => {
    if (initial !== undefined) return initial.slice();
    const values = new Float32Array(sizeOf(shape));
    return deviation === 0 ? values : values.map(() => deviation * normal());
  });
}
