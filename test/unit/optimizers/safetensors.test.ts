import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../../src/optimizers/safetensors';
import { decodeState, encodeState } from '../../../src/optimizers/stateFile';
import { arrayTypes, type Dtype } from '../../../src/optimizers/storedArrays';
import { InputError } from '../../../src/settings/problem';
import { trained, variants } from './variants';

const dtypes = Object.keys(arrayTypes) as Dtype[];

/** Any bits of any type, NaN among them. */
const tensor = fc.record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.nat(5), { maxLength: 3 }), seed: fc.uint8Array({ minLength: 8, maxLength: 8 }) }).map(({ dtype, shape, seed }): StoredTensor => {
  const data = new arrayTypes[dtype](shape.reduce((product, side) => product * side, 1));
  const bytes = new Uint8Array(data.buffer);
  bytes.forEach((_, at) => { bytes[at] = seed[at % 8]! + at; });
  return { dtype, shape, data };
});
const file = fc.record({ metadata: fc.dictionary(fc.string(), fc.string()), tensors: fc.uniqueArray(fc.tuple(fc.string().filter(name => name !== '__metadata__'), tensor), { selector: ([name]) => name }).map(entries => new Map(entries)) });

const bytesOf = ({ data }: StoredTensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A file with this header and so many bytes of data. */
function written(header: unknown, dataBytes = 0, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe('safetensors', () => {
  it('gives back what went in, bit for bit, also at odd places of a larger buffer', () => {
    fc.assert(fc.property(file, fc.nat(9), ({ metadata, tensors }, offset) => {
      const encoded = encodeSafetensors({ metadata, tensors });
      const moved = Buffer.alloc(encoded.length + offset).subarray(offset);
      moved.set(encoded);
      const decoded = decodeSafetensors(moved);
      moved.fill(0);
      assert.deepEqual({ ...decoded.metadata }, { ...metadata });
      assert.deepEqual([...decoded.tensors.keys()].sort(), [...tensors.keys()].sort());
      for (const [name, before] of tensors) {
        const after = decoded.tensors.get(name)!;
        assert.deepEqual([after.dtype, after.shape, bytesOf(after)], [before.dtype, before.shape, bytesOf(before)]);
      }
    }));
  });

  it('is laid out as the format says, every array aligned', () => {
    const bytes = encodeSafetensors({ metadata: { kind: 'test' }, tensors: new Map<string, StoredTensor>([
      ['b', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }], ['a', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, -2) }], ['c', { dtype: 'F64', shape: [], data: Float64Array.of(0.5) }],
    ]) });
    const headerLength = new DataView(bytes.buffer).getUint32(0, true);
    assert.equal(headerLength % 8, 0);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))), {
      __metadata__: { kind: 'test' },
      c: { dtype: 'F64', shape: [], data_offsets: [0, 8] }, a: { dtype: 'F32', shape: [1, 2], data_offsets: [8, 16] }, b: { dtype: 'U8', shape: [3], data_offsets: [16, 19] },
    });
    const data = bytes.slice(8 + headerLength);
    assert.deepEqual([...data], [0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1, 2, 3]);
  });

  const f32 = (from: number, to: number, shape = [(to - from) / 4]) => ({ dtype: 'F32', shape, data_offsets: [from, to] });
  const refused: readonly [what: string, bytes: Uint8Array, message: RegExp][] = [
    ['nothing at all', new Uint8Array(), /it has 0 bytes/],
    ['fewer bytes than the length takes', new Uint8Array(7), /it has 7 bytes/],
    ['a header longer than the file', written({}, 0, 3n), /header is said to take 3 bytes, but only 2 follow/],
    ['a header of 2^63 bytes', written({}, 0, 2n ** 63n), /header is said to take 9223372036854776000 bytes/],
    ['a header that is not JSON', written('{"a":'), /header is not JSON/],
    ['a header that is not UTF-8', written('{"\u00ff":1}').map(byte => byte === 0xbf ? 0xff : byte), /header is not JSON/],
    ['a header that is a list', written([]), /header is \[\], but must be a JSON object/],
    ['metadata that are no texts', written({ __metadata__: { a: 1 } }), /__metadata__ is \{"a":1\}/],
    ['an entry that is no object', written({ a: 3 }), /a is described by 3/],
    ['an unknown dtype', written({ a: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, 1), /a has the dtype "F8", but must have one of F64, F32/],
    ['a dtype named like a method', written({ a: { dtype: 'toString', shape: [1], data_offsets: [0, 1] } }, 1), /a has the dtype "toString"/],
    ['a negative side', written({ a: f32(0, 4, [-1, -1]) }, 4), /a has the shape \[-1,-1\]/],
    ['a side that is no whole number', written({ a: f32(0, 4, [0.5, 2]) }, 4), /a has the shape \[0\.5,2\]/],
    ['a missing shape', written({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /a has the shape missing/],
    ['one offset', written({ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, 4), /a has the data_offsets \[0\]/],
    ['offsets the wrong way round', written({ a: f32(4, 0, [1]) }, 4), /a has data_offsets \[4,0\], which is -4 bytes/],
    ['a shape that overflows', written({ a: f32(0, 4, [2 ** 53 - 1, 2 ** 53 - 1]) }, 4), /a has data_offsets \[0,4\], which is 4 bytes, but its shape/],
    ['overlapping arrays', written({ a: f32(0, 8), b: f32(4, 12) }, 12), /b starts at byte 4 of the data, but the array before it ends at 8/],
    ['twice the same bytes', written({ a: f32(0, 8), b: f32(0, 8) }, 8), /b starts at byte 0/],
    ['a gap', written({ a: f32(0, 4), b: f32(8, 12) }, 12), /b starts at byte 8 of the data, but the array before it ends at 4/],
    ['data cut off', written({ a: f32(0, 8) }, 7), /the arrays take 8 bytes, but 7 follow/],
    ['data too many', written({ a: f32(0, 8) }, 9), /the arrays take 8 bytes, but 9 follow/],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeSafetensors(bytes), error => error instanceof InputError && message.test(error.message) || assert.fail(String(error)));
    });
  }
});

describe('state file', () => {
  const encoded = () => encodeState(trained(variants['sparse-mfac']!, 50, 3).optimizer.save(3));

  it('names the entries of bfloat16 and of indices for what they are', () => {
    const dtypeOf = (name: string) => decodeSafetensors(encodeState(trained({ ...variants['sparse-mfac'], valuePrecision: 'bfloat16' }, 50, 3).optimizer.save(3))).tensors.get(name)?.dtype;
    assert.deepEqual(['1.rows.windowValues', '1.rows.windowIndices', '0.keptRow.indices', '0.residual.entries', '1.gram'].map(dtypeOf), ['BF16', 'U16', 'U16', 'F32', 'F64']);
  });

  it('keeps numbers that JSON cannot', () => {
    const saved = trained(variants['sgd']!, 5, 1).optimizer.save(1);
    const numbers = { a: -0, b: 5e-324, c: 0.1, d: 2 ** 53 + 2 };
    assert.deepEqual(decodeState(encodeState({ ...saved, numbers })).numbers, numbers);
  });

  it('refuses every file that is cut short, and every one with a changed bit', () => {
    const bytes = encoded();
    fc.assert(fc.property(fc.nat(bytes.length - 1), length => { assert.throws(() => decodeState(bytes.subarray(0, length)), InputError); }));
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const headerEnd = 8 + new DataView(bytes.buffer).getUint32(0, true);
      fc.pre(at >= headerEnd);
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << bit;
      assert.throws(() => decodeState(damaged), /checksum is [0-9a-f]{8}, but what the file holds has [0-9a-f]{8}/);
    }));
  });

  it('never reads a damaged header as another state', () => {
    const bytes = encoded();
    const whole = decodeState(bytes);
    const headerEnd = 8 + new DataView(bytes.buffer).getUint32(0, true);
    fc.assert(fc.property(fc.nat(headerEnd - 1), fc.nat(255), (at, byte) => {
      const damaged = bytes.slice();
      damaged[at] = byte;
      let state;
      try {
        state = decodeState(damaged);
      } catch (error) {
        assert.ok(error instanceof InputError, String(error));
        return;
      }
      assert.deepEqual(state, whole);
    }), { numRuns: 300 });
  });

  const tampered: readonly [what: string, metadata: Record<string, string>, message: RegExp][] = [
    ['of another format', { format: 'pt' }, /format is pt, version 1, but must be efcp-optimizer-state, version 1/],
    ['of another version', { version: '2' }, /version 2, but must be/],
    ['with other settings than were saved', { settings: '{"optimizer":"sgd"}' }, /checksum/],
  ];
  for (const [what, metadata, message] of tampered) {
    it(`refuses a file ${what}`, () => {
      const file = decodeSafetensors(encoded());
      assert.throws(() => decodeState(encodeSafetensors({ ...file, metadata: { ...file.metadata, ...metadata } })), message);
    });
  }

  it('refuses an array file of somebody else', () => {
    const foreign = encodeSafetensors({ metadata: {}, tensors: new Map([['weight', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]) });
    assert.throws(() => decodeState(foreign), /format is missing, version missing, but must be efcp-optimizer-state/);
  });

  it('reads a file whose arrays another program has put in another order', () => {
    const bytes = encoded();
    const { metadata, tensors } = decodeSafetensors(bytes);
    let end = 0;
    const reversed = [...tensors].reverse();
    const header: unknown = Object.fromEntries([...reversed.map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data_offsets: [end, end += data.byteLength] }] as const), ['__metadata__', Object.fromEntries(Object.entries(metadata).reverse())]]);
    const other = written(header, end);
    let at = other.length - end;
    for (const [, tensor] of reversed) {
      other.set(bytesOf(tensor), at);
      at += tensor.data.byteLength;
    }
    assert.notDeepEqual(other, bytes);
    assert.deepEqual(decodeState(other), decodeState(bytes));
  });
});
