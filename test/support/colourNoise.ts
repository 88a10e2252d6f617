/** A module of made-up images in the shape of CIFAR-10's: what a step holds depends on shapes alone. */
export function colourNoise(images: number): string {
  return `export function createData(tf, { seed }) {
  return { train: { xs: tf.randomNormal([${images}, 32, 32, 3], 0, 1, 'float32', seed), ys: tf.tensor1d(Int32Array.from({ length: ${images} }, (_, image) => image % 10), 'int32') } };
}`;
}
