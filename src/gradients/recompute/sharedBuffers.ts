/** The same dataflow with buffers in the place of values: an output that is its input's buffer, as a reshape's, is that input. */
import type { Dataflow } from './dataflow';
import type { ModelFigures } from './figures';

export function withSharedBuffers(flow: Dataflow, { nodes }: ModelFigures): Dataflow {
  const buffer = Array.from({ length: flow.inputs + flow.nodes }, (_, value) => value);
  nodes.forEach(({ outputIsInput }, node) => {
    const input = outputIsInput === undefined ? undefined : flow.reads[node]?.[outputIsInput];
    if (input !== undefined) buffer[flow.inputs + node] = buffer[input] ?? input;
  });
  const bufferOf = (value: number) => buffer[value] ?? value;
  const lastRead = [...flow.lastRead];
  flow.lastRead.forEach((last, value) => { lastRead[bufferOf(value)] = Math.max(lastRead[bufferOf(value)] ?? -1, last); });
  const joined = (values: readonly number[]) => [...new Set(values.map(bufferOf))];
  return {
    ...flow, makes: flow.makes.map(bufferOf), reads: flow.reads.map(joined), keeps: flow.keeps.map(joined),
    // What has become another's buffer is nobody's own.
    lastRead: lastRead.map((last, value) => (bufferOf(value) === value ? last : -1)),
  };
}
