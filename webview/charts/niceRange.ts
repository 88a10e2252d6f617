/** A linear axis from zero whose marks stand at round numbers: 1, 2, 2.5, 5 and 10 of each power of ten. */
const mantissas = [1, 2, 2.5, 5, 10];

/** At most `marks` steps up to the first mark that is not below `top`. */
export function niceRange(top: number, marks: number): { readonly min: 0; readonly max: number; readonly stepSize: number } {
  if (!(top > 0) || !Number.isFinite(top)) return { min: 0, max: 1, stepSize: 1 / marks };
  const power = 10 ** Math.floor(Math.log10(top / marks));
  const stepSize = power * (mantissas.find(mantissa => mantissa * power * marks >= top * (1 - 1e-9)) ?? 10);
  return { min: 0, max: stepSize * Math.ceil(top / stepSize * (1 - 1e-9)), stepSize };
}
