/** The kernels as one thread calls them: on memory that it shares, or on memory of its own for stretches that lie elsewhere. */
import { kernelsOn, type Kernels } from './kernelModule';

export interface ThreadMemory {
  readonly kernels: (memory: WebAssembly.Memory) => Kernels;
  /** At least so many bytes; the same memory until more is asked for. */
  readonly memory: (bytes: number) => WebAssembly.Memory;
}

export function threadMemory(module: WebAssembly.Module): ThreadMemory {
  const instances = new WeakMap<WebAssembly.Memory, Kernels>();
  let own: WebAssembly.Memory | undefined;
  return {
    kernels: memory => {
      const known = instances.get(memory) ?? kernelsOn(module, memory);
      instances.set(memory, known);
      return known;
    },
    memory: bytes => {
      if (own === undefined || own.buffer.byteLength < bytes) {
        const pages = Math.ceil(bytes / 65_536);
        own = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      }
      return own;
    },
  };
}
