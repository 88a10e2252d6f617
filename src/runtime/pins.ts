/**
 * What a runtime is made of, to the byte: npm packages by the lock file beside this one, Python wheels by their SHA-256.
 * The CUDA libraries are the oldest that TensorFlow's wheel names under its extra "and-cuda": those it was built with.
 */
export type RuntimeKind = 'cpu' | 'gpu';

export interface PinnedWheel {
  /** As the Python package index calls it. */
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly unpacked: Unpacked;
}

/** What of a wheel is kept: members by regular expression, each with the place it goes to under the package's `deps`. */
export interface Unpacked {
  readonly rules: readonly (readonly [pattern: string, place: string])[];
  readonly files: number;
  readonly bytes: number;
}

export interface RuntimePlan {
  readonly name: string;
  readonly kind: RuntimeKind;
  readonly packageName: string;
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly wheels: readonly PinnedWheel[];
  /** Links under the package's `deps`, each with what it points to: for libraries that are looked for where their wheel does not put them. */
  readonly links: readonly (readonly [place: string, target: string])[];
  /** What npm's packages take, source maps left out; while they are being installed it is `packagesPeakBytes`. */
  readonly packagesBytes: number;
  readonly packagesPeakBytes: number;
  readonly cuda?: { readonly version: string; readonly cudnn: string; readonly computeCapabilities: readonly string[] };
}

/** The C API as the binding includes it: these and no more. */
const headers = [
  'tensorflow/c/(?:c_api|c_api_macros|tf_attrtype|tf_buffer|tf_datatype|tf_status|tf_tensor|tf_tstring)',
  'tensorflow/c/eager/c_api', '(?:tensorflow/core|tsl)/platform/ctstring(?:_internal)?', 'xla/tsl/c/tsl_status',
];
const tensorFlowRules: Unpacked['rules'] = [
  ['tensorflow/(libtensorflow_(?:cc|framework)\\.so\\.2)', 'lib/\\1'],
  [`tensorflow/include/((?:${headers.join('|')})\\.h)`, 'include/\\1'],
];
// TensorFlow's libraries look for CUDA's in ../nvidia/*/lib, seen from where they lie.
const nvidiaRules: Unpacked['rules'] = [
  ['(nvidia/[^/]+/(?:lib|bin|nvvm)/.+(?<!\\.h)(?<!\\.py))', '\\1'],
  ['(nvidia_[^/]+)\\.dist-info/(?:licenses/)?License\\.txt', 'licenses/\\1.txt'],
];
const tensorFlowFiles = 16;

function tensorFlow(project: string, bytes: number, sha256: string, unpackedBytes: number): PinnedWheel {
  const version = '2.21.0';
  const file = `${project.replaceAll('-', '_')}-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`;
  return { project, version, file, bytes, sha256, unpacked: { rules: tensorFlowRules, files: tensorFlowFiles, bytes: unpackedBytes } };
}

function nvidia(name: string, version: string, bytes: number, sha256: string, files: number, unpackedBytes: number, tag = 'manylinux2014_x86_64'): PinnedWheel {
  const project = `nvidia-${name}-cu12`;
  return { project, version, file: `${project.replaceAll('-', '_')}-${version}-py3-none-${tag}.whl`, bytes, sha256, unpacked: { rules: nvidiaRules, files, bytes: unpackedBytes } };
}

const common = { tfjs: '4.22.0', tensorflow: '2.21.0', packagesBytes: 92e6, packagesPeakBytes: 380e6 };

export const runtimePlans: Readonly<Record<RuntimeKind, RuntimePlan>> = {
  cpu: {
    ...common, name: 'tensorflow-2.21.0-cpu', kind: 'cpu', packageName: '@tensorflow/tfjs-node',
    links: [],
    wheels: [tensorFlow('tensorflow-cpu', 273829956, '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c', 853464000)],
  },
  gpu: {
    ...common, name: 'tensorflow-2.21.0-gpu', kind: 'gpu', packageName: '@tensorflow/tfjs-node-gpu',
    cuda: { version: '12.5.1', cudnn: '9.3.0', computeCapabilities: ['6.0', '7.0', '8.0', '8.9', '9.0'] },
    links: [
      // libtensorflow_framework opens cuSOLVER by name, and its RUNPATH lists the other libraries' folders but not that one's:
      // without it TensorFlow passes over every GPU.
      ['nvidia/cusparse/lib/libcusolver.so.11', '../../cusolver/lib/libcusolver.so.11'],
      // cuDNN looks for NVRTC, which compiles some of its kernels, in a folder of this name.
      ['nvidia/nvrtc', 'cuda_nvrtc'],
    ],
    wheels: [
      tensorFlow('tensorflow', 572440367, '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124', 1259176144),
      nvidia('cuda-runtime', '12.5.82', 895707, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115', 2, 712032),
      nvidia('cublas', '12.5.3.2', 363313169, 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b', 4, 551706504),
      nvidia('cudnn', '9.3.0.75', 577163502, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d', 9, 885338960),
      nvidia('cufft', '11.2.3.61', 192524114, '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8', 3, 278929256),
      nvidia('curand', '10.3.6.82', 56309107, '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536', 2, 96529840),
      nvidia('cusolver', '11.6.3.83', 130341232, '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b', 3, 218141696),
      nvidia('cusparse', '12.5.1.3', 217558979, '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752', 2, 295715544),
      nvidia('nvjitlink', '12.5.82', 21298879, 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212', 2, 54560656),
      nvidia('cuda-nvrtc', '12.5.82', 24873108, '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd', 3, 68243664),
      nvidia('cuda-nvcc', '12.5.82', 22468537, 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0', 4, 58792548),
      nvidia('cuda-cupti', '12.5.82', 13811507, 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953', 6, 43952208),
      nvidia('nccl', '2.27.7', 322546339, 'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa', 2, 430126192, 'manylinux2014_x86_64.manylinux_2_17_x86_64'),
    ],
  },
};

export function downloadBytes({ wheels }: RuntimePlan): number {
  return wheels.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function installedBytes({ wheels, packagesBytes }: RuntimePlan): number {
  return wheels.reduce((sum, { unpacked }) => sum + unpacked.bytes, packagesBytes);
}
