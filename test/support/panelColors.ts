/**
 * How far apart two colors are, to eyes that lack a kind of cone: simulated in linear RGB with the matrices of Machado,
 * Oliveira and Fernandes (2009) at full severity, measured as Euclidean distance in OKLab (Ottosson 2020).
 */
const whole = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export const eyes = {
  usual: whole,
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
export type Eye = keyof typeof eyes;

const lms = [0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376, 0.6299787005];
const lab = [0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662, -0.808675766];

/** Distance of two colors written `#rrggbb`. */
export function distance(a: string, b: string, eye: Eye): number {
  const [one, two] = [toLab(a, eye), toLab(b, eye)];
  return Math.hypot(...one.map((value, index) => value - two[index]!));
}

function toLab(color: string, eye: Eye): number[] {
  const encoded = [1, 3, 5].map(start => Number.parseInt(color.slice(start, start + 2), 16) / 255);
  const linear = encoded.map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const seen = multiply(eyes[eye], linear).map(value => Math.min(1, Math.max(0, value)));
  return multiply(lab, multiply(lms, seen).map(Math.cbrt));
}

/** A 3 by 3 matrix, row by row, times a vector. */
function multiply(matrix: readonly number[], vector: readonly number[]): number[] {
  return [0, 3, 6].map(row => matrix[row]! * vector[0]! + matrix[row + 1]! * vector[1]! + matrix[row + 2]! * vector[2]!);
}
