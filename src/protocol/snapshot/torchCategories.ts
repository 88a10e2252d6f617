/**
 * A step's bytes in the categories of PyTorch's memory profiler (torch.profiler's memory timeline), for those who compare the two. Gradient is of
 * parameters alone; what flows down between layers is Autograd detail. It has no category for a module's buffers, which count as Parameter here.
 */
import { categories, type Bytes, type Category } from '../samples';

export const torchCategories = ['Parameter', 'Optimizer state', 'Input', 'Temporary', 'Activation', 'Gradient', 'Autograd detail', 'Unknown'] as const;
export type TorchCategory = (typeof torchCategories)[number];

export const torchCategoryOf: Readonly<Record<Category, TorchCategory>> = {
  parameters: 'Parameter', gradients: 'Gradient', optimizerState: 'Optimizer state', activations: 'Activation', activationGradients: 'Autograd detail',
  buffers: 'Parameter', data: 'Input', workspace: 'Temporary', unattributed: 'Unknown',
};

export function torchBytes(bytes: Readonly<Bytes>): Record<TorchCategory, number> {
  const sums = Object.fromEntries(torchCategories.map(category => [category, 0])) as Record<TorchCategory, number>;
  for (const category of categories) sums[torchCategoryOf[category]] += bytes[category];
  return sums;
}
