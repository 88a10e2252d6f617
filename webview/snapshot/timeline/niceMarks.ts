/** Round places on an axis, at most so many, 1, 2 or 5 times a power of ten apart. */
export function niceMarks(from: number, to: number, most: number, least = 0): number[] {
  const rough = (to - from) / Math.max(1, most);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = Math.max(least, [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough) ?? rough);
  const marks: number[] = [];
  for (let index = Math.ceil(from / distance - 1e-9); index * distance <= to + distance * 1e-9; index++) marks.push(Number((index * distance).toPrecision(12)));
  return marks;
}
