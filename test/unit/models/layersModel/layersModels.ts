/** Models as people write them with tf.layers, small, each with a loss and a batch. */
import { add, argMax, customGrad, losses, mul, oneHot, reshape, sum, tensor, tidy, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, input, layers, model, regularizers, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { numbers } from '../../../support/compareOperation';

export interface Example {
  readonly make: () => LayersModel;
  readonly inputs: () => Tensor[];
  readonly labels: () => Tensor;
}

type Applied = SymbolicTensor | SymbolicTensor[];

const of = (shape: number[], seed = 1) => tensor(Float32Array.from(numbers(shape, seed).values), shape);
const classNumbers = (examples: number, classes: number) => () => tensor(Float32Array.from({ length: examples }, (_, index) => index % classes), [examples, 1]);
const oneHotRows = (examples: number, classes: number) => () => tensor(Float32Array.from({ length: examples * classes }, (_, index) => Number(index % classes === Math.floor(index / classes) % classes)), [examples, classes]);
const wordNumbers = () => tensor([1, 4, 2, 0, 3, 3, 0, 0, 5, 1, 2, 4], [3, 4]);

const apply = (layer: { apply(inputs: Applied): unknown }, inputs: Applied) => layer.apply(inputs) as SymbolicTensor;

function compiled(made: LayersModel, loss: Parameters<LayersModel['compile']>[0]['loss']): LayersModel {
  made.compile({ optimizer: 'sgd', loss });
  return made;
}

/** y = w x + sum of w^2, counting its calls: a weight that is used twice, and one that is written and not trained. */
class Shifted extends layers.Layer {
  static readonly className = 'Shifted';
  private scale: ReturnType<layers.Layer['addWeight']> | undefined;
  private calls: ReturnType<layers.Layer['addWeight']> | undefined;

  override build(shape: number[]): void {
    this.scale = this.addWeight('scale', [shape.at(-1)!], 'float32', initializers.randomNormal({ seed: 3 }), regularizers.l2({ l2: 0.01 }));
    this.calls = this.addWeight('calls', [1], 'float32', initializers.zeros(), undefined, false);
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const w = this.scale!.read();
      this.calls!.write(add(this.calls!.read(), 1));
      return add(x.mul(w), sum(mul(w, w)));
    });
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

function imageClassifier(units: number, after: (x: SymbolicTensor) => SymbolicTensor): LayersModel {
  const image = input({ shape: [6, 6, 2] });
  const x = after(image);
  const flat = x.shape.length === 2 ? x : apply(layers.flatten(), x);
  return compiled(model({ inputs: image, outputs: apply(layers.dense({ units, activation: 'softmax' }), flat) }), 'sparseCategoricalCrossentropy');
}

const images = { inputs: () => [of([4, 6, 6, 2])], labels: classNumbers(4, 3) };

export const examples: Readonly<Record<string, Example>> = {
  'dense layers one after another, of every kind of activation': {
    make: () => compiled(sequential({
      layers: [
        layers.dense({ units: 6, activation: 'relu', inputShape: [5] }), layers.dense({ units: 5, activation: 'sigmoid', useBias: false }), layers.dense({ units: 6, activation: 'gelu' }),
        layers.dense({ units: 4, activation: 'elu' }), layers.dense({ units: 4, activation: 'selu' }), layers.dense({ units: 4, activation: 'swish' }), layers.dense({ units: 2, activation: 'tanh' }),
      ],
    }), 'meanSquaredError'),
    inputs: () => [of([4, 5])], labels: () => of([4, 2], 2),
  },
  'convolutions with normalisation, pooling and padding': {
    ...images,
    make: () => imageClassifier(3, image => {
      let x = apply(layers.zeroPadding2d({ padding: 1 }), image);
      x = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'valid', activation: 'relu' }), x);
      x = apply(layers.batchNormalization({ momentum: 0.8, epsilon: 1e-4 }), x);
      x = apply(layers.reLU(), x);
      x = apply(layers.maxPooling2d({ poolSize: 2, strides: 1 }), x);
      x = apply(layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, padding: 'same' }), x);
      x = apply(layers.batchNormalization(), x);
      x = apply(layers.averagePooling2d({ poolSize: 2 }), x);
      return apply(layers.conv2d({ filters: 3, kernelSize: 1, strides: 1, useBias: false, activation: 'tanh' }), x);
    }),
  },
  'residual branches around normalisation, as in a wide residual network': {
    ...images,
    make: () => imageClassifier(3, image => {
      let x = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }), image);
      for (let block = 0; block < 2; block++) {
        const first = apply(layers.activation({ activation: 'relu' }), apply(layers.batchNormalization(), x));
        const inner = apply(layers.batchNormalization(), apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }), first));
        x = apply(layers.add(), [x, apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false }), apply(layers.reLU(), inner)), first]);
      }
      return apply(layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), x);
    }),
  },
  'two inputs, branches that are joined, and a layer that is used twice': {
    make: () => {
      const [a, b] = [input({ shape: [5] }), input({ shape: [5] })];
      const shared = layers.dense({ units: 4, activation: 'relu', name: 'shared', kernelRegularizer: regularizers.l2({ l2: 0.02 }) });
      const joined = apply(layers.concatenate(), [apply(shared, a), apply(shared, b), apply(layers.multiply(), [a, b])]);
      return compiled(model({ inputs: [a, b], outputs: apply(layers.dense({ units: 3, activation: 'softmax' }), joined) }), 'categoricalCrossentropy');
    },
    inputs: () => [of([4, 5]), of([4, 5], 2)], labels: oneHotRows(4, 3),
  },
  'models within a model': {
    make: () => {
      const inner = sequential({ name: 'inner', layers: [layers.dense({ units: 4, activation: 'relu', inputShape: [5] }), layers.batchNormalization()] });
      const features = input({ shape: [5] });
      const branch = model({ name: 'branch', inputs: features, outputs: apply(layers.add(), [apply(layers.dense({ units: 5 }), features), features]) });
      return compiled(sequential({ layers: [branch, inner, layers.dense({ units: 3 })] }), losses.softmaxCrossEntropy);
    },
    inputs: () => [of([4, 5])], labels: oneHotRows(4, 3),
  },
  'a layer of the user\'s own': {
    make: () => {
      const x = input({ shape: [5] });
      const own = new Shifted({ name: 'own' });
      const shifted = apply(own, apply(layers.dense({ units: 4 }), x));
      return compiled(model({ inputs: x, outputs: apply(layers.add(), [apply(own, shifted), shifted]) }), (labels: Tensor, output: Tensor) => losses.huberLoss(labels, output));
    },
    inputs: () => [of([3, 5])], labels: () => of([3, 4], 2),
  },
  'dropout with masks of its own seeds': {
    make: () => compiled(sequential({ layers: [layers.dense({ units: 8, activation: 'relu', inputShape: [5] }), layers.dropout({ rate: 0.5, seed: 4 }), layers.dense({ units: 2 })] }), 'meanSquaredError'),
    inputs: () => [of([4, 5])], labels: () => of([4, 2], 2),
  },
  'regularisation of weights, biases and normalisation': {
    make: () => compiled(sequential({
      layers: [
        layers.dense({ units: 6, inputShape: [5], kernelRegularizer: regularizers.l1l2({ l1: 0.02, l2: 0.03 }), biasRegularizer: regularizers.l2({ l2: 0.1 }) }),
        layers.batchNormalization({ gammaRegularizer: regularizers.l2({ l2: 0.05 }), betaRegularizer: 'l1l2' }), layers.dense({ units: 1, kernelRegularizer: 'l1l2' }),
      ],
    }), 'meanAbsoluteError'),
    inputs: () => [of([4, 5])], labels: () => of([4, 1], 2),
  },
  'frozen layers, one of them regularised': {
    ...images,
    make: () => imageClassifier(3, image => {
      const convolved = apply(layers.conv2d({ filters: 4, kernelSize: 3, trainable: false, activation: 'relu', kernelRegularizer: regularizers.l2({ l2: 0.02 }) }), image);
      const normalised = apply(layers.batchNormalization({ trainable: false }), apply(layers.conv2d({ filters: 3, kernelSize: 2 }), convolved));
      return apply(new Frozen(), normalised);
    }),
  },
  'embeddings, layer normalisation and pooling over steps': {
    make: () => {
      const words = input({ shape: [4] });
      const x = apply(layers.layerNormalization(), apply(layers.embedding({ inputDim: 6, outputDim: 5 }), words));
      return compiled(model({ inputs: words, outputs: apply(layers.dense({ units: 3, activation: 'softmax' }), apply(layers.globalAveragePooling1d(), x)) }), 'sparseCategoricalCrossentropy');
    },
    inputs: () => [wordNumbers()], labels: classNumbers(3, 3),
  },
  'recurrent layers behind a mask': {
    make: () => compiled(sequential({
      layers: [
        layers.embedding({ inputDim: 6, outputDim: 4, maskZero: true, inputLength: 4 }), layers.lstm({ units: 3, returnSequences: true, recurrentInitializer: 'glorotNormal' }),
        layers.gru({ units: 3, recurrentInitializer: 'glorotNormal' }), layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    }), 'binaryCrossentropy'),
    inputs: () => [wordNumbers()], labels: () => tensor([1, 0, 1], [3, 1]),
  },
  'a gradient that reads a weight by itself': {
    make: () => compiled(sequential({ layers: [layers.dense({ units: 4, inputShape: [5] }), new Scaled(), layers.dense({ units: 2 })] }), 'meanSquaredError'),
    inputs: () => [of([3, 5])], labels: () => of([3, 2], 2),
  },
  'operations without a gradient, of the input alone': {
    make: () => compiled(sequential({ layers: [new Largest({ inputShape: [5] }), layers.dense({ units: 2 })] }), 'meanSquaredError'),
    inputs: () => [of([3, 5])], labels: () => of([3, 2], 2),
  },
  'images with channels first, and normalisation over them': {
    make: () => {
      const image = input({ shape: [2, 5, 5] });
      let x = apply(layers.permute({ dims: [3, 1, 2] }), image);
      x = apply(layers.conv2d({ filters: 3, kernelSize: 3, dataFormat: 'channelsFirst', activation: 'relu' }), apply(layers.permute({ dims: [2, 3, 1] }), x));
      x = apply(layers.maxPooling2d({ poolSize: 2, strides: 1, dataFormat: 'channelsFirst' }), x);
      x = apply(layers.flatten({ dataFormat: 'channelsFirst' }), x);
      return compiled(model({ inputs: image, outputs: apply(layers.dense({ units: 2 }), apply(layers.batchNormalization(), x)) }), 'meanSquaredError');
    },
    inputs: () => [of([3, 2, 5, 5])], labels: () => of([3, 2], 2),
  },
  'layers without an operation of their own': {
    make: () => compiled(sequential({
      layers: [
        layers.reshape({ targetShape: [4, 3], inputShape: [12] }), layers.permute({ dims: [2, 1] }), layers.conv1d({ filters: 3, kernelSize: 2, activation: 'relu' }),
        layers.bidirectional({ layer: layers.simpleRNN({ units: 2, returnSequences: true, recurrentInitializer: 'glorotNormal' }), mergeMode: 'concat' }),
        layers.timeDistributed({ layer: layers.dense({ units: 2 }) }), layers.flatten(), layers.leakyReLU(), layers.prelu(), layers.dense({ units: 2 }),
      ],
    }), 'meanSquaredError'),
    inputs: () => [of([3, 12])], labels: () => of([3, 2], 2),
  },
};

/** x w, with a w that is not trained. */
class Frozen extends layers.Layer {
  static readonly className = 'Frozen';
  private scale: ReturnType<layers.Layer['addWeight']> | undefined;

  override build(shape: number[]): void {
    this.scale = this.addWeight('scale', [shape.at(-1)!], 'float32', initializers.randomNormal({ seed: 8 }), undefined, false);
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return mul(Array.isArray(inputs) ? inputs[0]! : inputs, this.scale!.read());
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

/** x w, with a gradient of its own that reads the weight itself rather than what was saved of it. */
class Scaled extends layers.Layer {
  static readonly className = 'Scaled';
  private scale: ReturnType<layers.Layer['addWeight']> | undefined;

  override build(shape: number[]): void {
    this.scale = this.addWeight('scale', [shape.at(-1)!], 'float32', initializers.randomNormal({ seed: 9 }));
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const w = this.scale!.read();
    return customGrad((...given) => {
      const save = given.at(-1) as unknown as GradSaveFunc;
      save([given[0] as Tensor]);
      return { value: mul(given[0] as Tensor, given[1] as Tensor), gradFunc: (dy: Tensor, saved: Tensor[]) => [mul(dy, w), sum(mul(dy, saved[0]!), 0)] };
    })(x, w);
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

/** A one where the largest entry of each row is. */
class Largest extends layers.Layer {
  static readonly className = 'Largest';

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return reshape(oneHot(argMax(x, -1), x.shape[1]!).toFloat(), x.shape);
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}
