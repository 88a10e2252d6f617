/** The activation functions of tfjs-layers: those whose gradient follows from their output have operations, the others run under the tape. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { activation, isActivationName } from '../operations/activation';
import { present } from '../operations/onWeights';
import { recordedOperation } from '../operations/recordedOperation';
import { stockClassOf } from './layersInternals';
import type { PlainStep, Step } from './step';

type Function = object & { getClassName(): string };

/** Nothing for the identity. */
export function activationSteps(given: Function): readonly Step[] {
  const name = stockClassOf(given);
  if (name === 'linear') return [];
  if (name === 'relu') return [rectification()];
  if (name !== undefined && isActivationName(name)) return [{ kind: 'plain', operation: activation(name), isRelu: false }];
  const applied = given as Function & { apply(x: Tensor): Tensor };
  return [{
    kind: 'plain', isRelu: false,
    operation: recordedOperation({ call: ([x]) => ({ output: applied.apply(present(x)) }), saves: { inputs: [0], output: true }, flops: (_, output) => sizeOf(output) }),
  }];
}

export function rectification(): PlainStep {
  return { kind: 'plain', operation: activation('relu'), isRelu: true };
}
