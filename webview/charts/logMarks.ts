/** Where the marks of a logarithmic axis stand: the fewer powers of ten it spans, the more of each are marked. */
const mantissasUpTo: readonly { readonly decades: number; readonly mantissas: readonly number[] }[] = [
  { decades: 0.35, mantissas: [1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9] },
  { decades: 1, mantissas: [1, 2, 3, 5, 7] },
  { decades: 3, mantissas: [1, 2, 5] },
];
const powersOnly = [1];

export function logMarks(min: number, max: number): number[] {
  if (!(min > 0) || !(max > min) || !Number.isFinite(max)) return [];
  const decades = Math.log10(max / min);
  const mantissas = mantissasUpTo.find(step => decades <= step.decades)?.mantissas ?? powersOnly;
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const mantissa of mantissas) marks.push(Number(`${mantissa}e${power}`));
  }
  return marks.filter(mark => mark >= min && mark <= max);
}
