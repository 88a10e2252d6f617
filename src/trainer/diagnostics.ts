/**
 * Measures what the optimizer does to the gradient, from outside: gradient, updates and state are read, nothing is changed
 * (figures and formulas: protocol/diagnostics.ts). A step is measured where that keeps the time spent on measuring a small
 * share of all time, and not oftener than samples are recorded.
 *
 * Holds nothing between steps. On a measured step it works on a copy of the gradient [d], made by who calls: 4d bytes that
 * serve, once compared, for decoding the residual and for the eigenvalues of the gram.
 */
import { norm } from '../kernels/norm';
import type { Optimizer, UpdateObserver } from '../optimizers/optimizer';
import { addResidual, type Residual } from '../optimizers/residual';
import type { StateTree } from '../optimizers/stateTree';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { Settings } from '../settings/knobs';
import { findState } from './findState';
import { gramDiagnostics, type GramState } from './gramDiagnostics';
import { updateDiagnostics } from './updateDiagnostics';

/** As often as samples are recorded at most. */
const intervalMs = 100;
/** Share of all time that measuring may take. */
const mostShare = 0.02;

/** Makes an update and measures it. `copy` returns a copy of the gradient, which is used up. */
export type Watch = (copy: () => Float32Array, update: (observe: UpdateObserver) => void) => DiagnosticsSample;

export class Diagnostics {
  private nextAt = -Infinity;
  private lastSpentMs = 0;

  constructor(private readonly optimizer: Pick<Optimizer, 'state'>, private readonly now: () => number = () => performance.now()) {}

  /** Undefined where the next step is not to be measured. */
  watch(settings: Settings): Watch | undefined {
    return this.now() < this.nextAt ? undefined : (copy, update) => this.measure(settings, copy, update);
  }

  private measure(settings: Settings, copyGradient: () => Float32Array, update: (observe: UpdateObserver) => void): DiagnosticsSample {
    let spentMs = 0;
    const timed = <Result>(work: () => Result): Result => {
      const begun = this.now();
      const result = work();
      spentMs += this.now() - begun;
      return result;
    };
    const gradient = timed(copyGradient);
    let sample: DiagnosticsSample = { measured: 1 };
    update(updates => timed(() => { sample = { measured: 1, ...updateDiagnostics(gradient, updates) }; }));
    timed(() => Object.assign(sample, this.residual(gradient, sample.gradientNorm), this.gram(settings, gradient)));
    // The lower of two, so that neither the first measurement, in code not yet compiled, nor one that was interrupted ends them for long.
    const cost = Math.min(spentMs, this.lastSpentMs);
    this.lastSpentMs = spentMs;
    this.nextAt = this.now() + Math.max(intervalMs, cost / mostShare - cost);
    return sample;
  }

  private residual(room: Float32Array, gradientNorm = 0): Pick<DiagnosticsSample, 'residualNorm' | 'residualRatio'> {
    const residual = findState(this.optimizer.state, isHolderOfResidual)?.residual;
    if (residual === undefined) return {};
    room.fill(0);
    addResidual(residual, room);
    const residualNorm = norm(room);
    return { residualNorm, ...(gradientNorm > 0 ? { residualRatio: residualNorm / gradientNorm } : {}) };
  }

  private gram(settings: Settings, room: Float32Array): Pick<DiagnosticsSample, 'gramCondition' | 'effectiveWindow'> {
    const state = findState(this.optimizer.state, isGramState);
    return state === undefined ? {} : gramDiagnostics(state, settings, takeFrom(room));
  }
}

/** Hands out consecutive parts of `room`; where it is used up, and in a model that small, parts of their own. */
function takeFrom(room: Float32Array): (length: number) => Float64Array {
  const end = room.byteOffset + room.byteLength;
  let at = Math.ceil(room.byteOffset / 8) * 8;
  return length => {
    if (at + 8 * length > end) return new Float64Array(length);
    at += 8 * length;
    return new Float64Array(room.buffer, at - 8 * length, length);
  };
}

function isGramState(node: Readonly<Record<string, StateTree>>): node is GramState {
  return node['gram'] instanceof Float64Array && typeof node['size'] === 'number' && typeof node['filled'] === 'number' && typeof node['cursor'] === 'number';
}

function isHolderOfResidual(node: Readonly<Record<string, StateTree>>): node is { readonly residual: Residual } {
  const { residual } = node;
  return typeof residual === 'object' && 'bits' in residual;
}
