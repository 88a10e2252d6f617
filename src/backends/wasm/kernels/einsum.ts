/**
 * Einsum of one or two operands, which the stock backend lacks. Two float32 operands are one batched product of matrices: of the
 * labels, those in both and in the result are the batch, those in both alone are contracted, and the others are rows or columns;
 * a label that one operand has alone is summed up first. Other types are multiplied with broadcasting, then summed up.
 */
import { BatchMatMul, Einsum, Multiply, Reshape, Sum, Transpose, backend_util, tidy, type EinsumAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';
import { run } from './engineKernels';

interface Labelled {
  readonly values: TensorInfo;
  readonly labels: readonly string[];
}

export const einsum = kernel<Record<string, TensorInfo>, EinsumAttrs>(Einsum, (_, inputs, { equation }) => {
  const tensors = Object.values(inputs);
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as never);
  const [terms, result] = equation.replace(/\s/g, '').split('->') as [string, string];
  const labels = Array.from(result);
  const operands = terms.split(',').map((term, i) => ({ values: tensors[i], labels: Array.from(term) }) as Labelled);
  return tidy(() => {
    const [first, second] = operands.map(operand => sumUp(operand, label => labels.includes(label) || operands.some(other => other !== operand && other.labels.includes(label)))) as [Labelled, Labelled | undefined];
    const product = second === undefined ? first : first.values.dtype === 'float32' && second.values.dtype === 'float32' ? contract(first, second, labels) : multiply(first, second, labels);
    // The result must be a handle of its own, not that of an input.
    return run('Identity', { x: order(product, labels) });
  });
});

function contract(a: Labelled, b: Labelled, result: readonly string[]): Labelled {
  const batch = a.labels.filter(label => b.labels.includes(label) && result.includes(label));
  const contracted = a.labels.filter(label => b.labels.includes(label) && !result.includes(label));
  const rows = a.labels.filter(label => !b.labels.includes(label));
  const columns = b.labels.filter(label => !a.labels.includes(label));
  const size = (operand: Labelled, labels: readonly string[]) => labels.map(label => operand.values.shape[operand.labels.indexOf(label)] ?? 1);
  const product = (sizes: readonly number[]) => sizes.reduce((total, each) => total * each, 1);
  const matrices = (operand: Labelled, left: readonly string[], right: readonly string[]) =>
    reshape(order(operand, [...batch, ...left, ...right]), [product(size(operand, batch)), product(size(operand, left)), product(size(operand, right))]);
  const values = run(BatchMatMul, { a: matrices(a, rows, contracted), b: matrices(b, contracted, columns) }, { transposeA: false, transposeB: false });
  return { values: reshape(values, [...size(a, batch), ...size(a, rows), ...size(b, columns)]), labels: [...batch, ...rows, ...columns] };
}

function multiply(a: Labelled, b: Labelled, result: readonly string[]): Labelled {
  const labels = [...a.labels, ...b.labels.filter(label => !a.labels.includes(label))];
  const spread = (operand: Labelled) => {
    const own = labels.filter(label => operand.labels.includes(label));
    const ordered = order(operand, own);
    return reshape(ordered, labels.map(label => own.includes(label) ? ordered.shape[own.indexOf(label)] ?? 1 : 1));
  };
  return sumUp({ values: run(Multiply, { a: spread(a), b: spread(b) }), labels }, label => result.includes(label));
}

function sumUp({ values, labels }: Labelled, isKept: (label: string) => boolean): Labelled {
  const axis = labels.flatMap((label, i) => isKept(label) ? [] : [i]);
  return axis.length === 0 ? { values, labels } : { values: run(Sum, { x: values }, { axis, keepDims: false }), labels: labels.filter(isKept) };
}

function order({ values, labels }: Labelled, wanted: readonly string[]): TensorInfo {
  return wanted.every((label, i) => label === labels[i]) ? values : run(Transpose, { x: values }, { perm: wanted.map(label => labels.indexOf(label)) });
}

function reshape(x: TensorInfo, shape: readonly number[]): TensorInfo {
  return run(Reshape, { x }, { shape });
}
