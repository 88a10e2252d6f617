/**
 * An optimizer whose state lies in tensors of the current backend: on the GPU, where the backend has one. Parameters and
 * gradients never leave it; what is read back in a step is one number that says whether the gradient is finite, and the dot
 * products of the new row of the window. Everything that a step makes and does not keep is disposed of.
 */
import { concat, dispose, engine, keep, Variable, type Tensor } from '@tensorflow/tfjs-core';
import { powerOfTwo } from '../../kernels/device/deviceKernels';
import { registerDeviceKernels } from '../../kernels/device/registerDeviceKernels';
import { checkDevice } from '../../settings/devicePlacement';
import type { DeviceStateBytes } from '../../settings/formulas/device';
import { isUsedBy, type LiveSettings, type Settings } from '../../settings/knobs';
import { parameterSpace, type Shaped } from '../../settings/parameterSpace';
import type { StateBytes } from '../../settings/stateBytes';
import { tensorSettingsOf } from '../descend';
import { remedyFor } from '../optimizer';
import { checkSchedule, learningRateAt } from '../schedule';
import { weighState } from '../stateTree';
import { clipped } from './deviceClip';
import { descended } from './deviceDescend';
import { deviceMomentum } from './deviceMomentum';
import { deviceRecipes } from './deviceRecipes';
import { tidied, type DeviceState, type Direction, type Proposal } from './direction';
import { checkParameters, flatten, nonFiniteOnDevice } from './tensorsOfStep';

export interface DeviceOptimizer {
  /**
   * Takes one step; resolves to the parameters after it, in order. A Variable is assigned to and returned; in place of any
   * other tensor comes a new one, and both are the caller's. `step` counts from 1. A gradient that is not finite rejects with
   * NonFiniteGradientError and changes nothing.
   */
  update(gradients: readonly Tensor[], parameters: readonly Tensor[], step: number): Promise<Tensor[]>;
  /** Applies live settings, reshaping the state where they ask for it, history kept. When it rejects, nothing has changed. */
  change(settings: Partial<LiveSettings>): Promise<void>;
  /** The tensors of the state, until the next step or change puts others in the place of some. */
  tensors(): Tensor[];
  /** Bytes that are really held, on the device and beside it. */
  stateBytes(): DeviceStateBytes;
  dispose(): void;
}

export interface DeviceOptimizerOptions {
  /** How many steps the schedules of the learning rate span. */
  readonly totalSteps?: number;
}

export function createDeviceOptimizer(settings: Settings, parameters: readonly Shaped[], { totalSteps }: DeviceOptimizerOptions = {}): DeviceOptimizer {
  const { backendName } = engine();
  const live = { ...settings };
  checkSchedule(live, totalSteps);
  const name = checkDevice(live, backendName);
  registerDeviceKernels(backendName);
  const space = parameterSpace(parameters);
  const direction = tidied(() => deviceRecipes[name](live, space, backendName));
  const momentum = deviceMomentum(() => isUsedBy('momentum', name) ? live.momentum : 0, () => isUsedBy('nesterov', name) && live.nesterov, space.dimension);
  const tensorSettings = tensorSettingsOf(settings.groups, space);
  const states = () => [direction.state(), momentum.state()];
  const tensors = () => states().flatMap(state => Object.values(state).flat());
  const oneAtATime = exclusive();

  const descend = (updates: Tensor, before: readonly Tensor[], step: number) => before.map((parameter, index) => {
    const after = descended(parameter, updates, space.tensors[index]?.start ?? 0, tensorSettings[index], learningRateAt(live, step, totalSteps), live.weightDecay);
    if (!(parameter instanceof Variable)) return keep(after);
    parameter.assign(after);
    return parameter;
  });

  return {
    update: (gradients, before, step) => oneAtATime(async () => {
      checkParameters(before, space);
      const flat = tidied(() => keep(flatten(gradients, space)));
      const { report, tensors, accept } = tidied(() => propose(direction, live, flat, step));
      try {
        const numbers = await report.data<'float32'>();
        if (!Number.isFinite(numbers[0])) throw await nonFiniteOnDevice(flat, space, step, remedyFor(live));
        return tidied(() => {
          const updates = momentum.apply(accept(numbers.subarray(1)));
          return descend(live.clipTarget === 'update' ? clipped(updates, live) : updates, before, step);
        });
      } finally {
        dispose([flat, report, ...tensors]);
      }
    }),
    change: changed => oneAtATime(async () => {
      const before = { ...live };
      Object.assign(live, changed);
      try {
        checkSchedule(live, totalSteps);
        checkDevice(live, backendName);
        await direction.reshape();
        momentum.reshape();
      } catch (error) {
        Object.assign(live, before);
        throw error;
      }
    }),
    tensors,
    stateBytes: () => ({ device: weighTensors(states()), host: weighState(direction.hostState()) }),
    dispose: () => dispose(tensors()),
  };
}

/** A proposal, and in one tensor everything that is to be read back: first a number that is finite if the gradient is. */
function propose(direction: Direction, live: Settings, gradient: Tensor, step: number): Proposal & { readonly report: Tensor } {
  const bounded = live.clipTarget === 'gradient' ? clipped(gradient, live) : gradient;
  const proposal = direction.propose(bounded, step);
  const report = keep(concat([powerOfTwo(gradient), ...proposal.parts], 0));
  return { ...proposal, report, tensors: bounded === gradient ? proposal.tensors : [...proposal.tensors, keep(bounded)] };
}

/** Steps and changes wait for the device in their middle: another one that came in meanwhile would start from a state that is about to change. */
function exclusive(): <Result>(body: () => Promise<Result>) => Promise<Result> {
  let isBusy = false;
  return async body => {
    if (isBusy) throw new Error('A step or a change of this optimizer is still under way. Await it before the next.');
    isBusy = true;
    try {
      return await body();
    } finally {
      isBusy = false;
    }
  };
}

function weighTensors(states: readonly DeviceState[]): StateBytes {
  const bytes: StateBytes = {};
  for (const state of states) {
    for (const [part, tensors] of Object.entries(state) as [keyof StateBytes, readonly Tensor[]][]) bytes[part] = tensors.reduce((sum, { size }) => sum + 4 * size, 0);
  }
  return bytes;
}
