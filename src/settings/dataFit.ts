/** Which data the built-in models take. What a module makes is known only once it is loaded, and checked then. */
import type { Settings } from './knobs';

type Model = Settings['model'];
type Data = Settings['data'];

const small = ['digits', 'mnist', 'fashion-mnist', 'module'] as const;
/** Smaller images are padded to 32 by 32, and grey ones repeated in three colours. */
const all = ['digits', 'mnist', 'fashion-mnist', 'cifar-10', 'module'] as const;

const dataFor: Readonly<Record<Model, readonly Data[]>> = {
  'mlp': small,
  'convnet': small,
  'logistic': all,
  'resnet20': all,
  'wrn-28-2': all,
  'wrn-10-1': all,
  'module': all,
};

export function dataOf(model: Model): readonly Data[] {
  return dataFor[model];
}

export function modelsFor(data: Data): readonly Model[] {
  return (Object.keys(dataFor) as Model[]).filter(model => dataFor[model].includes(data));
}
