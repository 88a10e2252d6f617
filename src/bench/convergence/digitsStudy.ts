/** The digits as a study: the built-in models through the same training loop as every run of `efcp train`. */
import { assemble } from '../../trainer/assemble';
import { Mailbox } from '../../trainer/mailbox';
import { train, type TrainingEvent } from '../../trainer/train';
import { defaultsFor, type Settings } from '../../settings/knobs';
import { presets } from '../../settings/presets';
import { meansOf } from '../statistics';
import { baselines, methodsOf, type Method } from './methods';
import { diverged, type Outcome } from './outcome';
import type { Study } from './study';

const titles = { 'digits-mlp': 'Digits, perceptron', 'digits-convnet': 'Digits, convnet' } as const;
const mfac = methodsOf('M-FAC', { window: 32, damping: 0.1 });
const shared: Partial<Settings> = { backend: 'wasm', epochs: 1, batchSize: 64, schedule: 'linear' };

/** Training losses are means over so many steps, since one batch says little. */
const stepsPerPoint = 7;

/** `assets` is the folder of the files that the build made. */
export function digitsStudy(name: keyof typeof titles, assets: string): Study {
  return {
    name, title: titles[name],
    description: `${presets[name].description.split(',')[0] ?? ''}, one epoch in batches of 64, shifted at random by up to one pixel, the learning rate falling linearly to zero. Window 32, damping 0.1, Top-K in blocks of 16,384. `
      + 'The loss and the accuracy are those on the held-out tenth of the digits; seeds fix the split, the order and the initial parameters. '
      + `Curves show the training loss, each point the mean of ${stepsPerPoint} steps.`,
    methods: [...baselines, ...mfac],
    firstRungs,
    run: async (given, seed) => trainDigits({ ...defaultsFor(given.optimizer ?? 'sgd'), ...presets[name].settings, ...shared, ...given, seed }, assets),
  };
}

function firstRungs({ family, label }: Method): readonly [number, number] {
  if (family === 'M-FAC') return [-3, -1];
  return label === 'SGD' ? [-1, 1] : [-5, -3];
}

async function trainDigits(settings: Settings, assets: string): Promise<Outcome> {
  const run = await assemble(settings, { assets });
  const events: TrainingEvent[] = [];
  for await (const event of train(settings, run, new Mailbox())) events.push(event);
  const finished = events.at(-1);
  const validation = events.findLast(event => event.type === 'validation');
  if (finished?.type !== 'finished' || finished.reason === 'stopped' || validation === undefined) throw new Error(`A run of ${settings.model} broke off.`);
  if (finished.reason === 'failed' || events.filter(event => event.type === 'validation').length < 2) return diverged;
  const losses = events.flatMap(event => event.type === 'sample' ? [event.loss] : []);
  const means = meansOf(losses.slice(0, losses.length - losses.length % stepsPerPoint), stepsPerPoint);
  const { loss, accuracy } = validation;
  return { loss, ...(accuracy === undefined ? {} : { accuracy }), curve: means.map((loss, index) => ({ step: stepsPerPoint * (index + 1), loss })) };
}
