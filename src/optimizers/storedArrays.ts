/** The types of entries that a safetensors file names, and the typed arrays that hold them. */
export const arrayTypes = {
  F64: Float64Array, F32: Float32Array, BF16: Uint16Array, F16: Uint16Array, U32: Uint32Array, U16: Uint16Array, U8: Uint8Array, I32: Int32Array, I16: Int16Array, I8: Int8Array,
} as const;

export type Dtype = keyof typeof arrayTypes;
export type StoredArray = InstanceType<(typeof arrayTypes)[Dtype]>;

export const bytesPerEntry = Object.fromEntries(Object.entries(arrayTypes).map(([dtype, { BYTES_PER_ELEMENT }]) => [dtype, BYTES_PER_ELEMENT])) as Readonly<Record<Dtype, number>>;

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(arrayTypes, name);
}

/** In a state, 16 bits are indices or float16 where the name says so, and the upper halves of float32 everywhere else. */
export function dtypeOf(name: string, array: StoredArray): Dtype {
  if (array instanceof Uint16Array) return /indices$/i.test(name) ? 'U16' : /(^|\.)float16$/.test(name) ? 'F16' : 'BF16';
  const found = (Object.keys(arrayTypes) as Dtype[]).find(dtype => array instanceof arrayTypes[dtype]);
  if (found === undefined) throw new Error(`${name} is a ${(array as object).constructor.name}, which no saved state holds. Use one of ${Object.values(arrayTypes).map(type => type.name).join(', ')}.`);
  return found;
}

export function isStoredArray(array: ArrayBufferView): array is StoredArray {
  return Object.values(arrayTypes).some(type => array instanceof type);
}
