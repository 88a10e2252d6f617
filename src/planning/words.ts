/** Changes of settings in the words of a plan: "recompute per block, microbatch 20". */
import { knob, type KnobName, type Settings } from '../settings/knobs';

type Words<Name extends KnobName> = (value: Settings[Name], change: Partial<Settings>) => string | undefined;

const recomputes: Readonly<Record<Settings['recompute'], string>> = {
  none: 'recompute nothing', every: 'recompute every few layers', sqrt: 'recompute √n', block: 'recompute per block', named: 'recompute named layers', budget: 'recompute within a budget',
};

const words: { readonly [Name in KnobName]?: Words<Name> } = {
  recompute: (value, { recomputeBudget }) => (value === 'budget' && recomputeBudget !== undefined ? `recompute within ${recomputeBudget} MB` : recomputes[value]),
  recomputeBudget: (value, { recompute }) => (recompute === undefined ? `recompute within ${value} MB` : undefined),
  microbatch: value => (value === null ? 'no microbatches' : `microbatch ${value}`),
  activationPrecision: value => `${value} activations`,
  parameterPrecision: value => `${value} parameters`,
  momentPrecision: value => `${value} moments`,
  masterCopy: value => (value ? 'float32 master' : 'no float32 master'),
  weightDensity: value => `${percent(1 - value)} sparse`,
  fusedUpdate: value => (value ? 'fused update' : 'no fused update'),
  density: value => `gradient density ${percent(value)}`,
  rank: value => `rank ${value}`,
  window: value => `window ${value}`,
  valuePrecision: value => `${value} values`,
  errorFeedbackBits: value => `residual of ${value} bits`,
  optimizer: value => value,
};

const halves: readonly KnobName[] = ['activationPrecision', 'parameterPrecision', 'momentPrecision'];

export function wordsOf(change: Partial<Settings>): string {
  const names = Object.keys(change) as KnobName[];
  const { parameterPrecision } = change;
  const everything = halves.every(name => change[name] !== undefined && change[name] === parameterPrecision);
  const parts = names.flatMap(name => {
    if (everything && halves.includes(name)) return name === 'parameterPrecision' ? [`${String(parameterPrecision)} everything`] : [];
    return wordsOfOne(name, change) ?? [];
  });
  return parts.length === 0 ? 'as given' : parts.join(', ');
}

function wordsOfOne(name: KnobName, change: Partial<Settings>): string | undefined {
  const say = words[name] as ((value: unknown, change: Partial<Settings>) => string | undefined) | undefined;
  return say === undefined ? `${knob(name).label.toLowerCase()} ${JSON.stringify(change[name])}` : say(change[name], change);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
