import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventOrder } from '../../../src/host/eventOrder';
import { sample } from './recorded';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Sequence numbers in some order, each once or more. */
const arrivals = fc.integer({ min: 1, max: 30 }).chain(count => fc.record({
  count: fc.constant(count),
  order: fc.shuffledSubarray(numbers(count), { minLength: count }).chain(order => fc.array(fc.constantFrom(...order)).map(again => [...again, ...order, ...again])),
}));

describe('host: the order of events', () => {
  it('delivers each once and in sequence, however they arrive', () => {
    fc.assert(fc.property(arrivals, ({ count, order }) => {
      const delivered: number[] = [];
      const events = new EventOrder(event => delivered.push(event.sequence));
      for (const sequence of order) events.take(sample(sequence, sequence + 1));
      assert.deepEqual(delivered, numbers(count));
      assert.equal(events.hasGap, false);
      assert.equal(events.expected, count);
    }));
  });

  it('holds back what comes after a missing event, and goes on without it when told', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1 }), present => {
      const delivered: number[] = [];
      const events = new EventOrder(event => delivered.push(event.sequence));
      for (const sequence of present) events.take(sample(sequence, sequence + 1));
      const firstMissing = numbers(42).find(number => !present.includes(number));
      assert.deepEqual(delivered, numbers(firstMissing ?? 0));
      while (events.hasGap) events.skipGap();
      assert.deepEqual(delivered, present.toSorted((a, b) => a - b));
    }));
  });
});
