// A model and data of your own. `tf` is TensorFlow.js, core and layers; `seed` is the run's.

/** Returns a tf.LayersModel, compiled with the loss to train by; the optimizer is the run's. */
export function createModel(tf) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 32, activation: 'tanh' }),
      tf.layers.dense({ units: 32, activation: 'tanh' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

/** Returns { train: { xs, ys }, validation: { xs, ys } }; without validation, the run holds some examples back. */
export function createData(tf) {
  const spiral = index => {
    const arm = index % 3;
    const radius = Math.random();
    const angle = radius * 4 + arm * 2 * Math.PI / 3 + (Math.random() - 0.5) * 0.4;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
  const part = examples => ({
    xs: tf.tensor2d(Array.from({ length: examples }, (_, index) => spiral(index))),
    ys: tf.tensor1d(Array.from({ length: examples }, (_, index) => index % 3), 'int32'),
  });
  return { train: part(1500), validation: part(300) };
}
