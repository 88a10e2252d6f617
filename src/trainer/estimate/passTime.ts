/**
 * Milliseconds of forward and backward passes on this machine now, as a straight line in the numbers of examples and labels: what a pass takes
 * however few there are, and what each adds. Measured on stand-ins: on one example, shortened where lengths may differ, and on as many or as
 * long ones as take a moment.
 */
import type { Backend } from '../../backends/backend';
import type { ArraySpecification } from '../../data/dataset';
import type { GradientRequest } from '../../gradients/gradientSource';
import { keepAll } from '../../gradients/recompute/segment';
import type { Settings } from '../../settings/knobs';
import { wallClock } from '../probe/clock';
import { numbersIn, type ArrayShape, type SliceShape } from './batchShapes';
import { takePasses, type Subject } from './recordPasses';
import { withStandIns } from './standIns';

export interface PassTime {
  readonly fixedMs: number;
  readonly msANumber: number;
}

/** What the larger measurement may take, what is too long to be repeated, how short sequences are at first, and the most examples. */
const momentMs = 150;
const longMs = 60;
const short = 8;
const most = 64;

/** Without recomputation, whose share of the operations is known exactly. */
export function measurePassTime(subject: Subject, settings: Settings, slice: SliceShape, clock = wallClock): Promise<PassTime> {
  const segments = keepAll(subject.model);
  const { read } = subject.backend;
  return withStandIns(subject.model, settings, async (weights, ledger) => {
    const time = async (some: SliceShape): Promise<number> => {
      const begun = clock();
      await takePasses(subject, { settings, slice: some, examples: some.examples, slices: 1, segments }, weights, ledger, readBy(subject.backend));
      return clock() - begun;
    };
    // The first is in code not yet compiled; on a device its programs are translated, which takes many times longer than the passes.
    const translates = read !== undefined;
    const least = async (some: SliceShape): Promise<number> => {
      const first = await time(some);
      return first > longMs && !translates ? first : Math.min(first, await time(some));
    };
    const small = cutTo(subject, slice, 1, short);
    const smallMs = await least(small);
    let large = grown(subject, slice, small, Math.max(2, momentMs / smallMs));
    let largeMs = numbersIn(large) === numbersIn(small) ? smallMs : await least(large);
    if (translates && largeMs < 2 * smallMs) {
      // What a number adds does not show in a few, where the device has room for more of them at once.
      large = grown(subject, slice, small, Infinity);
      largeMs = await least(large);
    }
    const numbers = numbersIn(large) - numbersIn(small);
    if (numbers === 0) return { fixedMs: 0, msANumber: smallMs / numbersIn(small) };
    const msANumber = Math.max(0, (largeMs - smallMs) / numbers);
    return { fixedMs: Math.max(0, smallMs - msANumber * numbersIn(small)), msANumber };
  });
}

/** Reads gradients where operations are only queued until somebody waits for what they make. */
export function readBy({ read }: Pick<Backend, 'read'>): Pick<GradientRequest, 'receive' | 'arrived'> {
  const arrivals: Promise<unknown>[] = [];
  return read === undefined ? { receive: () => undefined } : { receive: (_, gradient) => { arrivals.push(read(gradient)); }, arrived: async () => { await Promise.all(arrivals); } };
}

/** So many examples; lengths that may differ are no longer than that. */
function cutTo({ dataset }: Subject, { inputs, labels }: SliceShape, examples: number, longest: number): SliceShape {
  const cut = ({ shape, dtype }: ArrayShape, specification: ArraySpecification): ArrayShape => ({ shape: shape.map((length, axis) => (specification.shape[axis] === null ? Math.min(length, longest) : length)), dtype });
  return { examples, inputs: inputs.map((input, at) => cut(input, dataset.inputs[at] ?? dataset.labels)), labels: cut(labels, dataset.labels) };
}

/** With about so many times its numbers: as long as the slice first, then as many. */
function grown(subject: Subject, slice: SliceShape, small: SliceShape, times: number): SliceShape {
  const longer = cutTo(subject, slice, 1, Math.floor(short * times));
  const left = times * numbersIn(small) / numbersIn(longer);
  return { ...longer, examples: Math.max(1, Math.min(slice.examples, most, Math.floor(left))) };
}
