/** Why a runtime cannot be built, used or removed, and what to do about it. */
export type RefusalCode =
  | 'platform' | 'node' | 'npm' | 'python' | 'pip' | 'compiler' | 'space' | 'permission' | 'busy'
  | 'packages' | 'download' | 'checksum' | 'unpack' | 'compile' | 'test' | 'absent';

export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal';

  constructor(readonly code: RefusalCode, readonly what: string, readonly remedy: string, readonly details = '') {
    super([what, remedy, ...(details === '' ? [] : [`\n${details}`])].join(' '));
  }
}

/** What serves where no runtime can be built. */
export const elsewhere = 'Use "backend": "webgpu" for a GPU, or the embedded "wasm".';
