import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { normalVector } from '../kernels/randomVector';
import { trained, variants } from './variants';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are still in use: objects of JavaScript, and buffers outside it. */
function bytesInUse(): { heap: number; buffers: number } {
  collectGarbage();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: external + arrayBuffers };
}

const steps = 1000;
/** Bytes; one number kept at every step would be twice as many. */
const limit = 4 * steps;

describe('a thousand steps', () => {
  for (const [name, variant] of Object.entries(variants)) {
    it(`${name}: leave nothing behind`, () => {
      const { optimizer, parameters } = trained(variant, 317, 0);
      const gradients = Array.from({ length: 16 }, (_, index) => normalVector(317, index));
      const run = (from: number) => {
        for (let step = from; step < from + steps; step++) {
          optimizer.gradient.set(gradients[step % 16]!);
          optimizer.update(optimizer.gradient, parameters, step);
        }
      };
      let growth = { heap: Infinity, buffers: Infinity };
      let before = bytesInUse();
      // Compiled code comes and goes, so the best of a few thousands counts: what is kept in every step shows in each.
      for (let batch = 0; batch < 12 && (growth.heap > limit || growth.buffers > limit); batch++) {
        run(1 + batch * steps);
        const after = bytesInUse();
        growth = { heap: Math.min(growth.heap, after.heap - before.heap), buffers: Math.min(growth.buffers, after.buffers - before.buffers) };
        before = after;
      }
      assert.ok(growth.heap <= limit && growth.buffers <= limit, `${growth.heap} bytes of objects and ${growth.buffers} of buffers in ${steps} steps`);
    });
  }
});
