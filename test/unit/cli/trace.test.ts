import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { traceFile } from '../../../src/cli/trace';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { defaultsFor } from '../../../src/settings/knobs';
import { optimizers, type Optimizer } from '../../../src/settings/optimizers';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { InputError } from '../../../src/settings/problem';
import { stateBytes } from '../../../src/settings/stateBytes';
import { assets } from '../../support/assets';
import { runCli } from '../../support/runCli';
import { normalVector } from '../kernels/randomVector';

interface Trace {
  readonly parameters: readonly (readonly (readonly number[])[])[];
  readonly stateBytes: number;
  readonly stateBytesByPart: Readonly<Record<string, number>>;
}

const settings = { learningRate: 0.01, window: 4, density: 0.3, blockSize: 16, rank: 2, momentum: 0.5, weightDecay: 0.01, errorFeedback: true };
const shapes = { 'layer/kernel': [6, 7], 'layer/bias': [7], 'scale': [] };

/** A problem of random numbers in float32. */
function problem(optimizer: string, steps: number) {
  const entries = Object.entries(shapes).map(([name, shape], index) => ({ name, shape, length: shape.reduce((product, side) => product * side, 1), index }));
  const numbers = (length: number, seed: number) => [...normalVector(length, seed)];
  return {
    optimizer, settings: settings as Record<string, unknown>,
    parameters: entries.map(({ name, shape, length, index }) => ({ name, shape, values: numbers(length, index) })),
    gradients: Array.from({ length: steps }, (_, step) => entries.map(({ length, index }) => numbers(length, 100 * (step + 1) + index))),
  };
}

describe('cli: trace', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-trace-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const place = (name: string) => path.join(folder, name);
  const write = (input: unknown) => { writeFileSync(place('in.json'), typeof input === 'string' ? input : JSON.stringify(input)); };
  const written = () => JSON.parse(readFileSync(place('out.json'), 'utf8')) as Trace;
  const trace = () => traceFile(place('in.json'), place('out.json'), 'host', { assets });
  const traced = async (input: unknown) => {
    write(input);
    await trace();
    return written();
  };
  const onCommandLine = async (input: unknown, ...more: string[]) => {
    write(input);
    return runCli(['trace', '--input', 'in.json', '--output', 'out.json', ...more], folder);
  };

  for (const optimizer of [...optimizers, 'adam']) {
    it(`${optimizer}: the parameters after every step, to the bit, and the bytes held`, async () => {
      const input = problem(optimizer, 7);
      const name = optimizer === 'adam' ? 'adamw' : optimizer as Optimizer;
      const resolved = { ...defaultsFor(name), ...settings };
      const views = input.parameters.map(({ name: of, shape, values }) => ({ name: of, shape, values: Float32Array.from(values) }));
      const plain = createOptimizer(resolved, views, { totalSteps: 7 });
      const expected = input.gradients.map((lists, step) => {
        plain.update(Float32Array.from(lists.flat()), views, step + 1);
        return views.map(({ values }) => [...values]);
      });
      const { parameters, stateBytes: total, stateBytesByPart } = await traced(input);
      assert.deepEqual(parameters, expected);
      assert.deepEqual(stateBytesByPart, stateBytes(resolved, parameterSpace(views)));
      assert.equal(total, Object.values(stateBytesByPart).reduce((sum, bytes) => sum + bytes, 0));
    });
  }

  it('is what the formula says, worked by hand', async () => {
    const { parameters } = await traced({
      optimizer: 'dense-mfac', settings: { learningRate: 0.5, window: 2, damping: 1, momentum: 0, weightDecay: 0 },
      parameters: [{ name: 'w', shape: [2], values: [1, 1] }], gradients: [[[2, 0]], [[2, 0]]],
    });
    // u = g / (damping + |g|^2 / m) and, for two equal gradients, g / (damping + 2 |g|^2 / m)
    const [[first], [second]] = parameters as [[[number, number]], [[number, number]]];
    assert.ok(Math.abs(first[0] - (1 - 1 / 3)) < 1e-7 && Math.abs(second[0] - (1 - 1 / 3 - 1 / 5)) < 1e-7, `${first[0]}, ${second[0]}`);
    assert.deepEqual([first[1], second[1]], [1, 1]);
  });

  it('spans schedules over the recorded steps', async () => {
    const { parameters } = await traced({ optimizer: 'sgd', settings: { learningRate: 1, schedule: 'linear' }, parameters: [{ name: 'w', shape: [], values: [0] }], gradients: Array.from({ length: 4 }, () => [[1]]) });
    const moves = parameters.map((now, step) => (parameters[step - 1]?.[0]?.[0] ?? 0) - now[0]![0]!);
    assert.ok(moves[0]! > moves[1]! && moves[1]! > moves[2]! && moves[2]! > moves[3]! && moves[3]! >= 0, String(moves));
  });

  it('keeps the sign of zero, the smallest and the largest numbers', async () => {
    const values = [-0, 1e-45, -1e-45, 3.4028234663852886e38, 0.1];
    const { parameters } = await traced(`{"optimizer":"sgd","gradients":[[[0,0,0,0,0]]],"parameters":[{"name":"w","shape":[5],"values":[-0,1e-45,-1e-45,3.4028234663852886e38,0.1]}]}`);
    assert.deepEqual(parameters[0]![0], [...Float32Array.from(values)]);
  });

  it('does not depend on the order of keys or on white space', async () => {
    const input = problem('sparse-mfac', 3);
    const { code, stdout, stderr } = await onCommandLine(input, '--backend', 'host');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^sparse-mfac: 3 steps, \d+ bytes of state; trace written to out\.json$/m);
    const expected = written();
    assert.deepEqual(await traced(input), expected);
    const { optimizer, settings: given, parameters, gradients } = input;
    assert.deepEqual(await traced(JSON.stringify({ gradients, parameters, settings: given, optimizer }, null, 2)), expected);
  });

  it('takes no step where none is recorded, and has defaults for what is not given', async () => {
    const { parameters, stateBytes: bytes } = await traced({ optimizer: 'adamw', parameters: [{ name: 'w', shape: [3], values: [1, 2, 3] }], gradients: [] });
    assert.deepEqual([parameters, bytes], [[], 24]);
  });

  it('takes time in proportion to the numbers', async () => {
    const run = async (steps: number) => {
      const length = 5_000;
      const input = { optimizer: 'sgd', parameters: [{ name: 'w', shape: [length], values: Array.from({ length }, () => 0) }], gradients: Array.from({ length: steps }, () => [Array.from({ length }, (_, at) => at / 7)]) };
      const started = process.hrtime.bigint();
      assert.equal((await traced(input)).parameters.length, steps);
      return Number(process.hrtime.bigint() - started);
    };
    await run(10);
    const [few, many] = [await run(10), await run(80)];
    assert.ok(many < 24 * few, `${many / few} times the time for 8 times the steps`);
  });

  describe('refusals, each with the reason and no output', () => {
    const valid = () => problem('sparse-mfac', 2);
    type Input = ReturnType<typeof valid>;
    const changed = (change: (input: Input) => unknown): unknown => {
      const input = valid();
      return change(input) ?? input;
    };
    const refused: readonly [what: string, input: unknown, message: RegExp][] = [
      ['an empty file', '', /in\.json:1:1: Malformed JSON: the end of the file where a value should be/],
      ['a list', [], /A problem is a JSON object with optimizer, settings, parameters, gradients/],
      ['a comma too many', '{\n "optimizer": "sgd",\n}', /in\.json:3:1: Malformed JSON: "}" where a key in double quotes should be/],
      ['text after the end', '{} x', /in\.json:1:4: Malformed JSON: "x" where nothing but the end/],
      ['a key given twice', '{"optimizer":"sgd","optimizer":"sgd"}', /in\.json:1:20: "optimizer" is given twice/],
      ['an unknown key', changed(input => ({ ...input, gradient: [] })), /"gradient" is not a key of a problem\. Remove it; the keys are/],
      ['no optimizer', changed(input => ({ ...input, optimizer: undefined })), /optimizer is missing, but must be one of sparse-mfac/],
      ['an unknown optimizer', changed(input => ({ ...input, optimizer: 'adagrad' })), /optimizer is "adagrad", but must be one of .*micro-adam/],
      ['an unknown setting', changed(input => ({ ...input, settings: { windw: 3 } })), /"windw" is not a setting\. Did you mean "window"/],
      ['a setting of a run', changed(input => ({ ...input, settings: { epochs: 3 } })), /"epochs" is not a setting of an optimizer\. Remove it/],
      ['an impossible setting', changed(input => ({ ...input, settings: { density: 2, window: 0.5 } })), /density is 2, but must be a number from 0\.0001 to 1[^]*window is 0\.5, but must be a whole number/],
      ['a setting too large for the optimizer', changed(input => ({ ...input, optimizer: 'adam', settings: { beta2: 1 } })), /beta2 is 1, but must be a number from 0 to 0\.99999 for the optimizer adamw/],
      ['settings that are a list', changed(input => ({ ...input, settings: [1] })), /settings/],
      ['no parameters', changed(input => ({ ...input, parameters: undefined })), /parameters are missing/],
      ['parameters that are no list', changed(input => ({ ...input, parameters: {} })), /parameters are no list/],
      ['an empty list of parameters', changed(input => ({ ...input, parameters: [] })), /parameters are an empty list/],
      ['an unknown key of a parameter', changed(input => { Object.assign(input.parameters[1]!, { dtype: 'float32' }); }), /"dtype" in parameters\[1\] is not a key of a parameter/],
      ['a parameter without a name', changed(input => { input.parameters[1]!.name = ''; }), /parameters\[1\]\.name is "", but must be a text/],
      ['two parameters of one name', changed(input => { input.parameters[1]!.name = 'scale'; }), /parameters\[2\]\.name is "scale", as another's is/],
      ['a shape that is none', changed(input => { input.parameters[0]!.shape = [6.5, 7]; }), /parameters\[0\]\.shape is \[6\.5,7\], but must be a list of whole numbers/],
      ['values too few', changed(input => { input.parameters[0]!.values.pop(); }), /parameters\[0\]\.values, of layer\/kernel, has 41 entries, but must have 42/],
      ['values that are nested', changed(input => { Object.assign(input.parameters[1]!, { values: [[1, 2, 3, 4, 5, 6, 7]] }); }), /parameters\[1\]\.values, of layer\/bias, has 1 entries, but must have 7/],
      ['a value that is a text', changed(input => { Object.assign(input.parameters[2]!, { values: ['1'] }); }), /parameters\[2\]\.values, of scale, has "1" at entry 0/],
      ['a value beyond float32', changed(input => { input.parameters[2]!.values = [1e39]; }), /parameters\[2\]\.values, of scale, has 1e\+39 at entry 0, but float32 reaches to 3\.4/],
      ['no gradients', changed(input => ({ ...input, gradients: undefined })), /gradients are missing/],
      ['gradients that are no list', changed(input => ({ ...input, gradients: {} })), /gradients are no list/],
      ['a step that is no list', changed(input => ({ ...input, gradients: [1] })), /gradients\[0\], of step 1, is no list, but must have one flat list for each of the 3 parameters: layer\/kernel, layer\/bias, scale/],
      ['a step with too few gradients', changed(input => { input.gradients[1]!.pop(); }), /gradients\[1\], of step 2, has 2 lists, but must have one flat list for each of the 3/],
      ['a gradient of another length', changed(input => { input.gradients[1]![1]!.push(0); }), /gradients\[1\]\[1\], the gradient of layer\/bias at step 2, has 8 entries, but must have 7/],
      ['a gradient that is no list', changed(input => { Object.assign(input.gradients[0]!, { 2: 5 }); }), /gradients\[0\]\[2\], the gradient of scale at step 1, is 5, but must be a flat list of 1/],
      ['null for NaN', changed(input => { input.gradients[1]![0]![3] = NaN; }), /gradients\[1\]\[0\], the gradient of layer\/kernel at step 2, has null at entry 3.*null often stands for NaN/],
      ['NaN itself', JSON.stringify(valid()).replace('"gradients":[[[', '"gradients":[[[NaN,'), /in\.json:1:\d+: Malformed JSON: .*NaN and infinity are no JSON/],
      ['a gradient beyond float32', changed(input => { input.gradients[0]![0]![0] = 4e38; }), /has 4e\+38 at entry 0, but float32 reaches/],
    ];
    for (const [what, input, message] of refused) {
      it(what, async () => {
        write(input);
        await assert.rejects(trace(), error => {
          assert.ok(error instanceof InputError, String(error));
          assert.match(error.message, message);
          assert.ok(error.message.startsWith(place('in.json')));
          return true;
        });
        assert.deepEqual(readdirSync(folder), ['in.json']);
      });
    }

    it('keeps the trace that was there before', async () => {
      const before = await traced(valid());
      const { code, stderr } = await onCommandLine(changed(input => { input.gradients[1]!.pop(); }));
      assert.equal(code, 2);
      assert.match(stderr, /^efcp: in\.json: gradients\[1\]/);
      assert.deepEqual(written(), before);
    });

    const commandLines: readonly [args: string[], message: RegExp][] = [
      [[], /--input is missing\. Write efcp trace/], [['--input', 'in.json'], /--output is missing/], [['--input', 'no.json', '--output', 'out.json'], /--input is no\.json, which cannot be read/],
      [['--input', 'in.json', '--output', 'no/out.json'], /--output is no\/out\.json, which cannot be written/], [['--input', 'in.json', '--output', 'o', '--placement', 'gpu'], /--placement is gpu, but must be host or device\. Name one/],
      [['--input', 'in.json', '--output', 'o', '--placement', 'device', '--backend', 'host'], /--placement is device, but --backend is host, which is no device\. Name another/],
      [['--input', 'in.json', '--output', 'o', '--backend', 'cuda'], /--backend is cuda, but must be one of host, cpu, wasm/],
      [['in.json'], /"in\.json" is not an option/], [['--frobnicate'], /frobnicate/],
    ];
    for (const [args, message] of commandLines) {
      it(`efcp trace ${args.join(' ')}`, async () => {
        writeFileSync(path.join(folder, 'in.json'), JSON.stringify(valid()));
        const { code, stderr } = await runCli(['trace', ...args], folder);
        assert.match(stderr, message);
        assert.equal(code, 2);
        assert.ok(!existsSync(path.join(folder, 'out.json')));
      });
    }
  });

  it('says what it takes', async () => {
    const { code, stdout } = await runCli(['trace', '--help'], folder);
    assert.equal(code, 0);
    for (const word of ['--input', '--output', '--placement', '--backend', '"gradients"', 'stateBytesByPart', 'adam stands for adamw', 'Exit codes']) assert.ok(stdout.includes(word), word);
  });
});
