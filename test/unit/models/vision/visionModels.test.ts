import assert from 'node:assert/strict';
import { dispose, losses, memory, oneHot, setBackend, tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../../src/backends/loadBackend';
import type { Model } from '../../../../src/models/model';
import { fixedShape, sizeOf } from '../../../../src/models/model';
import { visionLayersModel, visionModel, visionModelNames, type VisionData, type VisionModelName } from '../../../../src/models/vision/visionModel';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { numbers } from '../../../support/compareOperation';
import { layersModelGradients } from '../../../support/layersModelGradients';
import { modelGradients } from '../../../support/modelGradients';

const cifar = { inputShape: [32, 32, 3], classes: 10 };
const tiny = { inputShape: [8, 8, 3], classes: 4 };

const parametersOf = ({ parameters }: Model) => parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);

/** Elements that the shapes of the graph say are kept for one example, each value once. */
function keptElements(model: Model, shapes: readonly (readonly number[])[]): number {
  const kept = new Set<number>();
  model.nodes.forEach(({ inputs, operation: { keeps } }, index) => {
    keeps.inputs.forEach(place => kept.add(inputs[place]!));
    if (keeps.output) kept.add(model.inputs.length + index);
  });
  return [...kept].reduce((total, value) => total + sizeOf(shapes[value]!), 0);
}

/** Of one example, value by value. */
function shapesOf(model: Model, name: VisionModelName, data: VisionData): (readonly number[])[] {
  const layersModel = visionLayersModel(name, data, 1);
  const shapeOf = new Map(layersModel.layers.map(({ name: layer, outputShape }) => [layer, (outputShape as number[]).slice(1)]));
  layersModel.dispose();
  return [...model.inputs.map(({ shape }) => fixedShape(shape)), ...model.nodes.map(({ name: node }) => shapeOf.get(node)!)];
}

describe('models: the vision models', () => {
  before(async () => { for (const name of ['cpu', 'wasm'] as const) await loadBackend(name, { assets }); });
  beforeEach(() => setBackend('cpu'));

  const counts: Record<VisionModelName, number> = { logistic: 30_730, resnet20: 272_474, 'wrn-28-2': 1_467_610, 'wrn-10-1': 77_850 };
  for (const name of visionModelNames) {
    it(`${name} has ${counts[name]} parameters, the same for the same seed`, async () => {
      const before = memory().numTensors;
      const [model, same, other] = [await visionModel(name, cifar, 5), await visionModel(name, cifar, 5), await visionModel(name, cifar, 6)];
      assert.equal(memory().numTensors, before, 'the LayersModel leaves no variables behind');
      assert.equal(parametersOf(model), counts[name]);
      const values = (made: Model) => made.parameters.map(({ initial }) => [...initial!.slice(0, 20)]);
      assert.deepEqual(values(same), values(model));
      assert.notDeepEqual(values(other), values(model));
      assert.equal(new Set([...model.nodes, ...model.parameters, ...model.buffers].map(({ name: own }) => own)).size, model.nodes.length + model.parameters.length + model.buffers.length, 'names are unique');
    });
  }

  it('WRN-28-2 keeps what the analysis says: 953,482 numbers an example, and the statistics of 25 normalisations', async () => {
    const model = await visionModel('wrn-28-2', cifar, 1);
    const shapes = shapesOf(model, 'wrn-28-2', cifar);
    // The loss keeps the probabilities of ten classes.
    assert.equal(keptElements(model, shapes) + 10, 953_482);
    const normalisations = model.nodes.filter(({ operation }) => operation.keeps.extras);
    assert.equal(normalisations.length, 25);
    assert.ok(normalisations.every(({ operation }) => operation.keeps.output), 'each with its ReLU');
    assert.equal(model.nodes.length, 1 + 12 * 5 + 3 + 1 + 1 + 1);
    const flops = model.nodes.reduce((total, { operation, inputs }, index) => total + operation.flops!(inputs.map(value => [1, ...shapes[value]!]), [1, ...shapes[index + 1]!]), 0);
    // Products alone are 2 * (214,351,872 + 1,280).
    assert.ok(flops > 428_706_304 && flops < 1.02 * 428_706_304, `${flops} floating-point operations`);
  });

  for (const name of ['wrn-10-1', 'resnet20'] as const) {
    it(`${name}: what the tape keeps is to the byte what the operations name`, async () => {
      await setBackend('wasm');
      const model = await visionModel(name, tiny, 1);
      const batch = { inputs: [tensor(Float32Array.from(numbers([3, 8, 8, 3], 1).values), [3, 8, 8, 3])], labels: tensor1d([1, 3, 0], 'int32') };
      const { kept } = await modelGradients(model, batch);
      const statistics = model.buffers.reduce((total, { shape }) => total + sizeOf(shape), 0);
      // The images belong to the data, the probabilities of four classes to the loss.
      assert.equal(kept.activations, 4 * (3 * (keptElements(model, shapesOf(model, name, tiny)) - 192 + 4) + statistics));
      dispose([...batch.inputs, batch.labels]);
    });
  }

  for (const backend of ['cpu', 'wasm'] as const) {
    // The oracle takes many seconds for the deeper ones.
    for (const name of backend === 'cpu' ? ['logistic', 'wrn-10-1'] as const : visionModelNames) {
      it(`${name} on ${backend}: gradients are those of tf.variableGrads`, async () => {
        await setBackend(backend);
        const batch = { inputs: [tensor(Float32Array.from(numbers([3, ...tiny.inputShape], 1).values), [3, 8, 8, 3])], labels: tensor1d([1, 3, 0], 'int32') };
        const layersModel = visionLayersModel(name, tiny, 2);
        const crossEntropy = (output: Tensor, labels: Tensor) => losses.softmaxCrossEntropy(oneHot(labels.as1D(), 4), output);
        const expected = layersModelGradients(layersModel, batch.inputs, batch.labels, crossEntropy);
        layersModel.dispose();
        const step = await modelGradients(await visionModel(name, tiny, 2), batch);
        assertClose([step.loss], [expected.loss], 1e-5);
        step.gradients.forEach((gradient, index) => { assertClose(gradient, expected.gradients[index]!, backend === 'cpu' ? 1e-3 : 5e-3, `gradient ${index}`); });
        batch.inputs[0]!.dispose();
        batch.labels.dispose();
      });
    }
  }
});
