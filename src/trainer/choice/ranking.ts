/** Which of the measured backends is best, and why, in words. */
import type { Alternative } from '../../protocol/backends';

/** Steps that take so much less than another's are no difference: the machine's noise is as large. */
const noise = 0.1;

/** Best first: the fastest, and what is as fast within the noise in the order of preference; those that were left out come last. */
export function ranked(measured: readonly Alternative[]): Alternative[] {
  const usable = measured.filter(({ refused }) => refused === undefined);
  const fastest = Math.min(...usable.map(({ stepMs }) => stepMs ?? Infinity));
  const isAsFast = ({ stepMs }: Alternative) => stepMs !== undefined && stepMs <= fastest * (1 + noise);
  const preferred = usable.filter(isAsFast).toSorted((a, b) => preference(a) - preference(b));
  const slower = usable.filter(each => !isAsFast(each)).toSorted((a, b) => (a.stepMs ?? Infinity) - (b.stepMs ?? Infinity));
  return [...preferred, ...slower, ...measured.filter(({ refused }) => refused !== undefined)];
}

/** TensorFlow on a GPU, WebGPU on hardware, TensorFlow on the processor, the embedded wasm. */
function preference({ name, device }: Alternative): number {
  return name === 'tensorflow' ? (device === undefined ? 2 : 0) : name === 'webgpu' ? 1 : 3;
}

/** `fastest of 2 here with mlp, batch 64: tensorflow 2.1 ms a step, wasm 3.4 ms; left out: webgpu (…)` */
export function reasonOf(best: readonly Alternative[], workload: string): string {
  const [usable, left] = [best.filter(({ refused }) => refused === undefined), best.filter(({ refused }) => refused !== undefined)];
  const outOf = left.length === 0 ? '' : `; left out: ${left.map(({ name, device, refused }) => `${name}${on(device)} (${firstSentence(refused ?? '')})`).join(', ')}`;
  if (usable.length < 2) return `the only one that can be used here${outOf}`;
  const times = usable.map(({ name, device, stepMs = Number.NaN }, index) => `${name}${on(device)} ${stepMs.toPrecision(3)} ms${index === 0 ? ' a step' : ''}`);
  return `the fastest of ${usable.length} here with ${workload}: ${times.join(', ')}${outOf}`;
}

/** The remedy, which follows, stands in the table of what was measured. */
function firstSentence(text: string): string {
  return (text.split(/\.\s+(?=[A-Z])/)[0] ?? '').replace(/\.$/, '');
}

function on(device: string | undefined): string {
  return device === undefined ? '' : ` on ${device}`;
}
