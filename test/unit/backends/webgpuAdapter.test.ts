import assert from 'node:assert/strict';
import { adapterInWords, adapterLimits, describeAdapter, isSoftwareAdapter, largestTensor, type AdapterInfo, type AdapterLimit } from '../../../src/backends/webgpuAdapter';
import { noAdapter, preferHardware, type Gpu } from '../../../src/backends/webgpuChoice';

const limits = { ...Object.fromEntries(adapterLimits.map(name => [name, 256])), maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 27, maxComputeWorkgroupStorageSize: 32_768 } as Record<AdapterLimit, number>;

const software: Readonly<Record<string, AdapterInfo>> = {
  'lavapipe of Mesa': { vendor: 'mesa', architecture: 'software', device: 'llvmpipe-llvm-15-0-6-256-bits-', description: 'llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)', isFallbackAdapter: true },
  'lavapipe that does not say so': { vendor: 'mesa', device: 'llvmpipe', description: '', isFallbackAdapter: false },
  'SwiftShader': { vendor: 'google', architecture: 'swiftshader', device: 'swiftshader-device-subzero-', description: 'SwiftShader driver 5.0.0' },
  'WARP': { vendor: 'microsoft', architecture: '', device: '', description: 'Microsoft Basic Render Driver' },
  'WARP by its name': { description: 'D3D12 WARP' },
  'llvmpipe behind a virtual GPU': { vendor: 'mesa', description: 'Virtio-GPU Venus (llvmpipe (LLVM 17.0.6, 256 bits))' },
  'an adapter of the kind CPU': { vendor: 'somebody', description: 'A device', isFallbackAdapter: true },
};
const hardware: Readonly<Record<string, AdapterInfo>> = {
  'NVIDIA': { vendor: 'nvidia', architecture: 'hopper', device: '0x2330', description: 'NVIDIA: 550.54.15', isFallbackAdapter: false },
  'AMD by Mesa': { vendor: 'amd', architecture: 'rdna-3', device: 'amd-radeon-rx-7900-xtx', description: 'radv: Mesa 25.0.7', isFallbackAdapter: false },
  'Intel': { vendor: 'intel', architecture: 'xe', device: '', description: 'Intel(R) Iris(R) Xe Graphics' },
  'Apple': { vendor: 'apple', architecture: 'metal-3', device: '', description: 'Apple M1 Max' },
  'Mesa\'s driver for NVIDIA': { vendor: 'nvidia', description: 'NVK: Mesa 25.0.7' },
  'one that says nothing': {},
};

describe('webgpu adapters', () => {
  for (const [cases, expected] of [[software, true], [hardware, false]] as const) {
    for (const [name, info] of Object.entries(cases)) {
      it(`${name} is ${expected ? 'software' : 'hardware'}`, () => {
        assert.equal(isSoftwareAdapter(info), expected);
        assert.equal(describeAdapter(info, limits, []).isSoftware, expected);
      });
    }
  }

  it('are named by the first thing that they say of themselves', () => {
    const nameOf = (info: AdapterInfo) => describeAdapter(info, limits, []).description;
    assert.deepEqual([{ vendor: 'v', architecture: 'a', device: 'd', description: 'long' }, { vendor: 'v', architecture: 'a', device: 'd' }, { vendor: 'v', architecture: 'a' }, {}].map(nameOf), ['long', 'd', 'v a', 'an adapter without a name']);
  });

  it('hold tensors up to the smaller of two limits, and say so', () => {
    const adapter = describeAdapter({ vendor: 'nvidia', description: 'A GPU' }, limits, new Set(['shader-f16']));
    assert.equal(largestTensor(adapter), 2 ** 27);
    assert.equal(adapterInWords(adapter), 'A GPU (nvidia), hardware; tensors up to 128 MiB, 32 KiB and 256 invocations a workgroup; shader-f16, no timestamp-query');
    assert.match(adapterInWords({ ...adapter, isSoftware: true }), /software: computes on the processor/);
  });
});

describe('the choice among webgpu adapters', () => {
  const asked: string[] = [];
  beforeEach(() => { asked.length = 0; });
  /** As Dawn has them: the first is given to who names none, and who names one that there is not hears of all. */
  const gpus = (...infos: readonly AdapterInfo[]) => {
    const all = infos.map(info => ({ info }));
    const named = (name: string): Gpu<{ info: AdapterInfo }> => ({
      requestAdapter: () => {
        asked.push(name);
        const found = all.find(({ info: { description } }) => description === name);
        if (found !== undefined) return Promise.resolve(found);
        return Promise.reject(new Error(`no suitable backends found\nAvailable adapters:\n${infos.map(({ description }) => ` * backend: 'vulkan', name: '${description ?? ''}'`).join('\n')}`));
      },
    });
    return preferHardware({ requestAdapter: ({ powerPreference }) => { asked.push(powerPreference); return Promise.resolve(all[0] ?? null); } }, named);
  };
  const [swiftshader, llvmpipe, gpu, other] = ['SwiftShader Device (Subzero)', 'llvmpipe (LLVM 15.0.6, 256 bits)', 'A GPU', 'Another'].map(description => ({ description })) as [AdapterInfo, AdapterInfo, AdapterInfo, AdapterInfo];

  it('takes the first where it is hardware, and asks no further', async () => {
    assert.equal((await gpus(gpu, llvmpipe))?.info, gpu);
    assert.deepEqual(asked, ['high-performance']);
  });
  it('passes over software for hardware behind it', async () => {
    assert.equal((await gpus(swiftshader, llvmpipe, gpu, other))?.info, gpu);
  });
  it('does not believe a name alone', async () => {
    const disguised = { description: 'Something', isFallbackAdapter: true };
    assert.equal((await gpus(swiftshader, disguised, gpu))?.info, gpu);
    assert.equal((await gpus(swiftshader, disguised))?.info, swiftshader);
  });
  it('takes software where there is nothing else', async () => {
    assert.equal((await gpus(swiftshader, llvmpipe))?.info, swiftshader);
  });
  it('finds nothing where there is nothing, and says what is needed', async () => {
    assert.equal(await gpus(), undefined);
    assert.match(noAdapter('linux').message, /libvulkan1.*driver.*set "backend": "wasm"/);
    assert.match(noAdapter('win32').message, /Direct3D 12/);
    assert.match(noAdapter('aix').message, /Vulkan/);
  });
});
