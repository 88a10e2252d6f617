/** The activation functions of tfjs-layers: those whose gradient is written down have operations, the others run under the tape. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { activation, isActivationName } from '../operations/activation';
import { gelu } from '../operations/gelu';
import { present } from '../operations/onWeights';
import { stockClassOf } from './layersInternals';
import type { PlainStep, Step } from './step';
import { tapedOperation } from './tapedOperation';

type Function = object & { getClassName(): string };

/** Nothing for the identity. */
export function activationSteps(given: Function): readonly Step[] {
  const name = stockClassOf(given);
  if (name === 'linear') return [];
  if (name === 'relu') return [rectification()];
  if (name === 'gelu') return [{ kind: 'plain', operation: gelu(), isRelu: false }];
  if (name !== undefined && isActivationName(name)) return [{ kind: 'plain', operation: activation(name), isRelu: false }];
  const applied = given as Function & { apply(x: Tensor): Tensor };
  return [{
    kind: 'plain', isRelu: false,
    operation: tapedOperation({ name: given.getClassName(), call: ([x]) => ({ output: applied.apply(present(x)) }), inputShapes: [[2]], isMasked: false, parameterShapes: [], bufferShapes: [], isDependent: [true] }),
  }];
}

export function rectification(): PlainStep {
  return { kind: 'plain', operation: activation('relu'), isRelu: true };
}
