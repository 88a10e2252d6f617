import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SafetensorsFile } from '../../../src/models/safetensors';
import { InputError } from '../../../src/settings/problem';

interface Entry {
  readonly dtype: unknown;
  readonly shape: unknown;
  readonly data_offsets: unknown;
}

function encoded(header: unknown, data: Uint8Array = new Uint8Array()): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);

describe('models: safetensors files', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-test-'));
    file = path.join(folder, 'weights.safetensors');
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  function opened<Result>(content: Buffer, use: (opened: SafetensorsFile) => Result): Result {
    writeFileSync(file, content);
    const reader = SafetensorsFile.open('pretrained', file);
    try {
      return use(reader);
    } finally {
      reader.close();
    }
  }

  const whole = { dtype: 'F32', shape: [2, 3], data_offsets: [8, 32] };
  const data = Buffer.concat([Buffer.alloc(8), bytesOf(Float32Array.of(1, -2, 3.5, 0, 1e-8, 7))]);

  it('give the tensors that are asked for, whatever lies beside them', () => {
    const header = { __metadata__: { format: 'pt' }, 'position_ids': { dtype: 'I64', shape: [1], data_offsets: [0, 8] }, 'a.weight': whole };
    opened(encoded(header, data), reader => {
      assert.deepEqual([reader.has('a.weight'), reader.has('b'), reader.has('__metadata__')], [true, false, false]);
      assert.deepEqual(reader.read('a.weight'), { shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, 1e-8, 7) });
    });
  });

  it('give scalars and empty tensors', () => {
    opened(encoded({ one: { dtype: 'F32', shape: [], data_offsets: [8, 12] }, none: { dtype: 'F16', shape: [0, 4], data_offsets: [8, 8] } }, data), reader => {
      assert.deepEqual([reader.read('one'), reader.read('none')], [{ shape: [], values: Float32Array.of(1) }, { shape: [0, 4], values: new Float32Array() }]);
    });
  });

  it('bring two bytes to float32', () => {
    const halves = bytesOf(Uint16Array.of(0x3c00, 0xc500, 0x0001, 0x7c00, 0x3fc0, 0xc0a0));
    opened(encoded({ a: { dtype: 'F16', shape: [4], data_offsets: [0, 8] }, b: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] } }, halves), reader => {
      assert.deepEqual(reader.read('a').values, Float32Array.of(1, -5, 2 ** -24, Infinity));
      assert.deepEqual(reader.read('b').values, Float32Array.of(1.5, -5));
    });
  });

  const damaged: Readonly<Record<string, [Buffer, RegExp]>> = {
    'of five bytes': [Buffer.alloc(5), /no whole safetensors file: it has 5 bytes, and even the length/],
    'whose header is cut short': [encoded({ a: whole }).subarray(0, 30), /header is said to take \d+ bytes, but only 22 follow/],
    'that are something else': [Buffer.from('PK\u0003\u0004 an archive of another kind'), /header is said to take \d+ bytes/],
    'whose header is no JSON': [encoded('{ "a": '), /no whole safetensors file: .*JSON.* Take another copy/],
    'whose header is a list': [encoded([]), /no whole safetensors file/],
    'whose header is not UTF-8': [Buffer.concat([Buffer.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff)]), /no whole safetensors file/],
  };
  for (const [what, [content, expected]] of Object.entries(damaged)) {
    it(`refuses files ${what}, and names the setting and the file`, () => {
      assert.throws(() => opened(content, () => undefined), (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.problems[0]!.field, 'pretrained');
        assert.ok(error.message.startsWith(`pretrained is "${file}", which`));
        assert.match(error.message, expected);
        return true;
      });
    });
  }

  const refused: Readonly<Record<string, [Partial<Entry> | string, RegExp]>> = {
    'that is not there': ['other', /has no tensor a\./],
    'of whole numbers': [{ dtype: 'I64' }, /has the tensor a in the type I64; weights must be in one of F32, F16, BF16/],
    'of an unknown type': [{ dtype: 'Q4' }, /in the type Q4/],
    'whose length does not fit its shape': [{ shape: [2, 4] }, /gives 24 bytes to the tensor a of the shape \[2, 4\], which takes 32 in F32/],
    'beyond the end': [{ data_offsets: [20, 44] }, /ends after \d+ bytes, but its tensor a of the shape \[2, 3\] goes on until \d+: the file is cut short/],
    'with a negative length': [{ shape: [-2, -3] }, /describes the tensor a by .*, which is not its dtype, shape and data_offsets/],
    'without offsets': [{ data_offsets: undefined }, /describes the tensor a by/],
  };
  for (const [what, [change, expected]] of Object.entries(refused)) {
    it(`refuses a tensor ${what}`, () => {
      const header = typeof change === 'string' ? { [change]: whole } : { a: { ...whole, ...change } };
      assert.throws(() => opened(encoded(header, data), reader => reader.read('a')), (error: unknown) => error instanceof InputError && expected.test(error.message));
    });
  }

  it('says what to do where there is no file', () => {
    assert.throws(() => SafetensorsFile.open('pretrained', path.join(folder, 'missing')), /pretrained is ".*missing", which cannot be read \(ENOENT.*Name a safetensors file/);
  });
});
