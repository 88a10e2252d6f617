import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dispose, setBackend, tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { fromLayersModel } from '../../../../src/models/layersModel/fromLayersModel';
import type { Model } from '../../../../src/models/model';
import { bert, type BertSizes } from '../../../../src/models/sequence/bert';
import { loadPretrainedBert } from '../../../../src/models/sequence/pretrainedBert';
import { sequenceModel } from '../../../../src/models/sequence/sequenceModel';
import { smoothedCrossEntropy } from '../../../../src/models/smoothedCrossEntropy';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../../../src/optimizers/safetensors';
import { InputError } from '../../../../src/settings/problem';
import { assets } from '../../../support/assets';
import { modelGradients } from '../../../support/modelGradients';
import { outputOf } from '../../../support/sequences';

const fixtures = path.resolve('test/fixtures/bert');
const published = path.join(fixtures, 'weights.safetensors');
const nano: BertSizes = { width: 8, heads: 2, layers: 2, positions: 16 };
const made = () => bert({ name: 'nano', sizes: nano, vocabulary: 40, classes: 3, dropout: 0, attentionDropout: 0, seed: 1 });

async function pretrained(file = published): Promise<Model> {
  const { model, blocks } = made();
  loadPretrainedBert(model, file);
  return fromLayersModel(model, { loss: smoothedCrossEntropy(0), blocks });
}

/** The name in the checkpoint, and whether the weight lies the other way round there. */
function publishedName(name: string): { name: string; isTransposed: boolean } {
  const [layer, kind] = [name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.'), name.slice(name.lastIndexOf('/') + 1)];
  const ending = kind === 'bias' || kind === 'beta' ? 'bias' : 'weight';
  return { name: `${layer === 'classifier' ? '' : 'bert.'}${layer}.${ending}`, isTransposed: kind === 'kernel' };
}

function turned({ shape: [rows = 0, columns = 0], data }: StoredTensor): number[] {
  return Array.from({ length: data.length }, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
}

function assertWithin(values: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(values.length, expected.length, what);
  Array.from(values).forEach((value, at) => { assert.ok(Math.abs(value - expected[at]!) <= tolerance, `${what}[${at}] is ${value}, not ${expected[at]!}`); });
}

describe('models: BERT with published weights', () => {
  let folder: string;
  before(async () => { for (const name of ['cpu', 'wasm'] as const) await loadBackend(name, { assets }); });
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-test-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  const weights = decodeSafetensors(readFileSync(published));
  const rewritten = (change: (name: string, stored: StoredTensor) => [string, StoredTensor] | undefined): string => {
    const file = path.join(folder, 'changed.safetensors');
    writeFileSync(file, encodeSafetensors({ metadata: {}, tensors: new Map([...weights.tensors].flatMap(([name, stored]) => { const changed = change(name, stored); return changed === undefined ? [] : [changed]; })) }));
    return file;
  };

  for (const backend of ['cpu', 'wasm'] as const) {
    it(`on ${backend}: logits, loss and gradients are those of the package transformers`, async () => {
      await setBackend(backend);
      const expected = decodeSafetensors(readFileSync(path.join(fixtures, 'expected.safetensors'))).tensors;
      const model = await pretrained();
      // The file has a classifier too, which fine-tuning would begin anew.
      const whole: Model = { ...model, parameters: model.parameters.map(parameter => {
        const { name, isTransposed } = publishedName(parameter.name);
        if (!name.startsWith('classifier')) return parameter;
        const stored = weights.tensors.get(name)!;
        return { ...parameter, initial: Float32Array.from(isTransposed ? turned(stored) : stored.data) };
      }) };
      const given = (name: string) => tensor(expected.get(name)!.data as Int32Array, [...expected.get(name)!.shape], 'int32');
      const batch = { inputs: [given('tokens'), given('segments')], labels: given('labels') };
      const { values, shape } = outputOf(whole, batch.inputs);
      assert.deepEqual(shape, [3, 3]);
      assertWithin(values, expected.get('logits')!.data, 1e-5, 'logits');
      const step = await modelGradients(whole, batch);
      assertWithin([step.loss], expected.get('loss')!.data, 1e-5, 'loss');
      whole.parameters.forEach((parameter, place) => {
        const { name, isTransposed } = publishedName(parameter.name);
        const stored = expected.get(`gradient/${name}`)!;
        assertWithin(step.gradients[place]!, isTransposed ? turned(stored) : stored.data, 1e-5, parameter.name);
      });
      assert.equal(whole.parameters.length, [...expected.keys()].filter(name => name.startsWith('gradient/')).length, 'every weight was compared');
      dispose([...batch.inputs, batch.labels]);
    });
  }

  it('takes names without bert., gamma and beta, and what else the file holds', async () => {
    const file = rewritten((name, stored) => [name.replace(/^bert\./, '').replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'), stored]);
    const [plain, renamed] = [await pretrained(), await pretrained(file)];
    assert.deepEqual(renamed.parameters, plain.parameters);
  });

  it('leaves the classifier as the seed made it', async () => {
    const { model } = made();
    const fresh = await fromLayersModel(model, { loss: smoothedCrossEntropy(0) });
    const classifier = ({ parameters }: Model) => parameters.filter(({ name }) => name.startsWith('classifier'));
    assert.deepEqual(classifier(await pretrained()), classifier(fresh));
  });

  it('names every tensor that is missing or of another shape', async () => {
    const file = rewritten((name, stored) => {
      if (name === 'bert.pooler.dense.bias') return undefined;
      return name === 'bert.embeddings.word_embeddings.weight' || name === 'bert.encoder.layer.1.output.dense.weight' ? [name, { ...stored, shape: [stored.shape[0]! / 2, stored.shape[1]! * 2] }] : [name, stored];
    });
    await assert.rejects(pretrained(file), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.deepEqual(error.problems.map(({ field }) => field), ['pretrained', 'pretrained', 'pretrained']);
      assert.match(error.problems[0]!.message, /has the tensor bert\.embeddings\.word_embeddings\.weight in the shape \[20, 16\], where the model has \[40, 8\]\. .*set vocabularyFile/);
      assert.match(error.problems[1]!.message, /bert\.encoder\.layer\.1\.output\.dense\.weight in the shape \[4, 64\], where the model has \[8, 32\]\. Choose the model of the same size/);
      assert.match(error.problems[2]!.message, /has no tensor bert\.pooler\.dense\.bias or pooler\.dense\.bias\. Give the whole encoder/);
      return true;
    });
  });

  it('is what the setting pretrained names', async () => {
    const data = { inputShape: [null], classes: 2, vocabularies: { source: 40 } };
    await assert.rejects(async () => sequenceModel('bert-tiny', data, { seed: 1, pretrained: published }), /word_embeddings\.weight in the shape \[40, 8\], where the model has \[40, 128\]/);
    await assert.rejects(async () => sequenceModel('bert-tiny', data, { seed: 1, pretrained: path.join(folder, 'none') }), /pretrained is .*cannot be read/);
  });
});
