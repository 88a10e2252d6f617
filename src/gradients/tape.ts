/**
 * Backpropagation through a model's graph that frees as it goes: what a node's backward pass read, and the gradient of its output,
 * die as soon as the gradients of its inputs are there. tf.variableGrads keeps them all until the end, and forward values besides,
 * which is several times the necessary peak. Segments that were not kept are computed again, one at a time, from their boundary.
 *
 * Categories: what the backward pass will read is `activations`; gradients on the way down are `activationGradients`; a finished
 * parameter gradient is `gradients`; whatever lives only inside one layer's computation is `workspace`.
 */
import { add, clone, dispose, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Model, Node, ParameterSpecification } from '../models/model';
import { ForwardPass } from './forwardPass';
import type { Batch, SliceRequest, SliceSource } from './gradientSource';
import { keptInputs, planOf, type GraphPlan } from './graphPlan';
import { exactStorage } from './halfStorage';
import { LossValue } from './lossValue';
import { ParameterGradients } from './parameterGradients';
import { keepAll, type Segment } from './recompute/segment';
import type { ActivationStorage } from './storage';

export interface TapeOptions {
  /** How a model is cut into segments; asked in every step. Without it all is kept. */
  readonly segments?: (model: Model) => readonly Segment[];
  /** How what is kept is stored; asked in every step. Without it as it is. */
  readonly storage?: () => ActivationStorage;
}

export function tapeGradients(ledger: Ledger, { segments = keepAll, storage }: TapeOptions = {}): SliceSource {
  const plans = new Plans();
  return async request => {
    const { model, weights, batch, seed, slices, lossScale } = request;
    const plan = plans.of(model, segments(model));
    const store = storage?.() ?? exactStorage(ledger);
    const pass = new ForwardPass(ledger, model, weights, plan, { training: true, seed, slices, storage: store });
    let loss: LossValue | undefined;
    try {
      ledger.enter('forward');
      if (ledger.isRecording) nameExamples(ledger, model, batch);
      const last = pass.run(batch);
      loss = pass.values.borrow([last], ([output]) => new LossValue(ledger, model, weights, output as Tensor, batch.labels));
      const evaluation = await pass.values.borrow([last], ([output]) => (loss as LossValue).read(output as Tensor));
      pass.values.noteRead(last);
      pass.values.settle(last, false);
      // A diverged loss has no gradient worth computing; the caller sees it in the evaluation.
      if (Number.isFinite(evaluation.loss)) {
        ledger.enter('backward');
        new BackwardPass(ledger, request, plan, pass).run(last, loss.gradient(lossScale));
      }
      const { first, again } = pass.flops;
      return { ...evaluation, flops: 3 * first, recomputedFlops: again };
    } finally {
      loss?.dispose();
      pass.dispose();
    }
  };
}

function nameExamples(ledger: Ledger, { inputs }: Model, batch: Batch): void {
  batch.inputs.forEach((input, place) => { ledger.name(input, { name: `input ${inputs[place]?.name ?? place}` }); });
  ledger.name(batch.labels, { name: 'labels' });
}

/** A plan depends on the model and its segments, which stay the same for most steps. */
class Plans {
  private known: { readonly model: Model; readonly key: string; readonly plan: GraphPlan } | undefined;

  of(model: Model, segments: readonly Segment[]): GraphPlan {
    const key = JSON.stringify(segments);
    if (this.known?.model !== model || this.known.key !== key) this.known = { model, key, plan: planOf(model, segments) };
    return this.known.plan;
  }
}

/** What a node's backward pass has made: gradients of inputs and parameters, before anybody has taken them over. */
export interface NodeGradients {
  readonly node: number;
  readonly made: readonly Tensor[];
}

export class BackwardPass {
  /** By value: the sum of those parts of its gradient that are there. */
  private readonly gradients = new Map<number, Tensor>();
  private readonly ofParameters: ParameterGradients;

  constructor(private readonly ledger: Ledger, private readonly request: SliceRequest, private readonly plan: GraphPlan, private readonly pass: ForwardPass) {
    this.ofParameters = new ParameterGradients(ledger, plan.parameterUses, request.receive);
  }

  run(last: number, gradient: Tensor): void {
    const walk = this.walk(last, gradient);
    while (walk.next().done !== true);
  }

  /** The same node by node: each is named when its gradients are there, and before they go on. */
  *walk(last: number, gradient: Tensor): Generator<NodeGradients> {
    const { ledger, plan, pass, request: { model, weights, lossScale }, ofParameters } = this;
    try {
      this.gather(last, gradient);
      for (const penalty of model.penalties) {
        ledger.at(penalty);
        const made = weights.lend(penalty.parameters, lent => ledger.scope('workspace', () => tidy(() => owned(penalty.gradients(lent, lossScale), lent))));
        penalty.parameters.forEach((parameter, index) => { ofParameters.add(parameter, made[index] as Tensor); });
      }
      for (const segment of plan.segments.toReversed()) {
        if (segment.recompute) pass.repeat(segment);
        for (let node = segment.to - 1; node >= segment.from; node--) yield* this.step(node);
        for (const value of segment.boundary) pass.values.release(value);
      }
      ofParameters.finish(parameter => {
        const { shape, name } = model.parameters[parameter] as ParameterSpecification;
        ledger.at({ name });
        return ledger.scope('workspace', () => zeros([...shape]));
      });
    } finally {
      for (const left of this.gradients.values()) left.dispose();
      ofParameters.dispose();
    }
  }

  private *step(index: number): Generator<NodeGradients> {
    const { request: { model }, pass, gradients } = this;
    const value = model.inputs.length + index;
    const gradient = gradients.get(value);
    gradients.delete(value);
    const node = model.nodes[index] as Node;
    this.ledger.at(node);
    const record = pass.records.get(index);
    try {
      if (record === undefined) return;
      if (gradient === undefined) node.parameters.forEach(parameter => { this.ofParameters.skip(parameter); });
      else yield* this.differentiate(node, index, gradient, record);
      for (const kept of keptInputs(node)) pass.values.release(kept);
      if (node.operation.keeps.output) pass.values.release(value);
    } finally {
      pass.records.delete(index);
      record?.extras.forEach(extra => { extra.dispose(); });
      gradient?.dispose();
    }
  }

  private *differentiate(node: Node, index: number, gradient: Tensor, { extras: stored, recording, inputShapes }: NonNullable<ReturnType<ForwardPass['records']['get']>>): Generator<NodeGradients> {
    const { ledger, plan: { trained }, pass, request: { model, weights } } = this;
    const { operation, inputs, parameters } = node;
    const wanted = inputs.map(value => trained[value] ?? false);
    const heldValues = [...keptInputs(node), ...(operation.keeps.output ? [model.inputs.length + index] : [])];
    const [made, takers] = pass.values.borrow(heldValues, held => weights.lend(parameters, lent => ledger.scope('workspace', () => {
      const given: ((tensor: Tensor) => void)[] = [];
      const tensors = tidy(() => {
        const extras = stored.map(each => each.restore());
        const keptOf = new Map(operation.keeps.inputs.map((place, at) => [place, held[at]]));
        const result = operation.backward(gradient, {
          inputs: inputs.map((_, place) => keptOf.get(place)), output: operation.keeps.output ? held.at(-1) : undefined, extras, recording,
          seed: pass.seedOf(index), buffers: node.buffers.map(place => weights.buffers[place] as Tensor), inputShapes,
        }, lent, wanted);
        const terms: Tensor[] = [];
        const give = (term: Tensor, taker: (tensor: Tensor) => void) => {
          terms.push(term);
          given.push(taker);
        };
        inputs.forEach((value, place) => {
          const ofInput = result.inputs[place];
          if (wanted[place] !== true || ofInput === undefined) return;
          for (const term of [ofInput, ...result.further?.inputs?.[place] ?? []]) give(term, tensor => { this.gather(value, tensor); });
        });
        parameters.forEach((parameter, place) => {
          const further = result.further?.parameters?.[place] ?? [];
          [result.parameters[place] as Tensor, ...further].forEach((term, at) => { give(term, tensor => { this.ofParameters.add(parameter, tensor, at === further.length); }); });
        });
        return owned(terms, [gradient, ...held, ...lent]);
      });
      return [tensors, given] as const;
    })));
    let taken = false;
    try {
      yield { node: index, made };
      takers.forEach((take, at) => { take(made[at] as Tensor); });
      taken = true;
    } finally {
      // Those that nobody has taken over; disposing of the others twice does no harm.
      if (!taken) dispose(made);
    }
  }

  private gather(value: number, gradient: Tensor): void {
    const { ledger, gradients } = this;
    const before = gradients.get(value);
    const total = before === undefined ? gradient : ledger.scope('workspace', () => tidy(() => add(before, gradient)));
    if (before !== undefined) {
      before.dispose();
      gradient.dispose();
    }
    ledger.claim(total, 'activationGradients');
    gradients.set(value, total);
  }
}

/** The same tensors, each with a handle of its own: a gradient may be the very tensor it was made from, or stand for two inputs. */
function owned(tensors: readonly Tensor[], foreign: readonly Tensor[]): Tensor[] {
  const seen = new Set(foreign);
  return tensors.map(tensor => {
    const mine = seen.has(tensor) ? clone(tensor) : tensor;
    seen.add(mine);
    return mine;
  });
}
