/** The sets of images that can be fetched. */
import type { CifarData, ContentFile, Digest, IdxData } from './catalogEntry';
import { cifar10 } from './cifar';

const sha256 = (hex: string): Digest => `sha256:${hex}`;
const md5 = (hex: string): Digest => `md5:${hex}`;

const idxNames = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] as const;
const idxBytes = [47_040_016, 60_008, 7_840_016, 10_008] as const;

function idxContents(digests: readonly [Digest, Digest, Digest, Digest]): ContentFile[] {
  return idxNames.map((file, place) => ({ file, bytes: idxBytes[place] ?? 0, digest: digests[place] ?? digests[0] }));
}

const cifarBytes = 30_730_000;
const toronto = ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'];
const cifarLicence = 'No licence is stated. Cite Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; do not pass the images on.';

export const imageCatalog = {
  mnist: {
    kind: 'idx', title: '60,000 and 10,000 handwritten digits, 28 x 28 grey', classes: 10, normalisation: { mean: 0.1307, deviation: 0.3081 },
    licence: 'Creative Commons Attribution-ShareAlike 3.0 (LeCun, Cortes, Burges).',
    mirrors: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
    published: [
      { file: 'train-images-idx3-ubyte.gz', bytes: 9_912_422, digest: sha256('440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609') },
      { file: 'train-labels-idx1-ubyte.gz', bytes: 28_881, digest: sha256('3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c') },
      { file: 't10k-images-idx3-ubyte.gz', bytes: 1_648_877, digest: sha256('8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6') },
      { file: 't10k-labels-idx1-ubyte.gz', bytes: 4_542, digest: sha256('f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6') },
    ],
    contents: idxContents([md5('6bbc9ace898e44ae57da46a324031adb'), md5('a25bea736e30d166cdddb491f175f624'), md5('2646ac647ad5339dbf082846283269ea'), md5('27ae3e4e09519cfbb04c329615203637')]),
  },
  'fashion-mnist': {
    kind: 'idx', title: '60,000 and 10,000 pictures of clothes, 28 x 28 grey', classes: 10, normalisation: { mean: 0.2860, deviation: 0.3530 },
    licence: 'MIT (Zalando SE).', systemFolder: '/usr/share/datasets/fashion-mnist',
    mirrors: ['https://fashion-mnist.s3-website.eu-central-1.amazonaws.com/', 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/', 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/'],
    published: [
      { file: 'train-images-idx3-ubyte.gz', bytes: 26_421_880 },
      { file: 'train-labels-idx1-ubyte.gz', bytes: 29_515 },
      { file: 't10k-images-idx3-ubyte.gz', bytes: 4_422_102 },
      { file: 't10k-labels-idx1-ubyte.gz', bytes: 5_148 },
    ],
    contents: idxContents([
      sha256('c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888'), sha256('bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9'),
      sha256('5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b'), sha256('0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'),
    ]),
  },
  'cifar-10': {
    kind: 'cifar', title: '50,000 and 10,000 photographs in ten classes, 32 x 32 in colour', licence: cifarLicence, mirrors: toronto, folder: 'cifar-10-batches-bin', files: cifar10,
    published: [{ file: 'cifar-10-binary.tar.gz', bytes: 170_052_171, digest: sha256('c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd') }],
    contents: [
      { file: 'data_batch_1.bin', bytes: cifarBytes, digest: sha256('cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5') },
      { file: 'data_batch_2.bin', bytes: cifarBytes, digest: sha256('a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed') },
      { file: 'data_batch_3.bin', bytes: cifarBytes, digest: sha256('bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67') },
      { file: 'data_batch_4.bin', bytes: cifarBytes, digest: sha256('014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48') },
      { file: 'data_batch_5.bin', bytes: cifarBytes, digest: sha256('755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add') },
      { file: 'test_batch.bin', bytes: cifarBytes, digest: sha256('8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b') },
    ],
  },
} as const satisfies Readonly<Record<string, IdxData | CifarData>>;
