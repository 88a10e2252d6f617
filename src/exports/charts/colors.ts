/** Colours of exported pictures: those of the panel on a light page, whose distances its tests measure as colour-blind eyes see them. */
import type { Category, Phase } from '../../protocol/samples';

export const ink = '#1f2328';
export const muted = '#59636e';
export const grid = '#e4e7eb';
export const edge = '#9aa3ad';
export const train = '#2d68b2';
export const validation = '#c0660f';
export const alarm = '#c4281c';

export const categoryColors: Readonly<Record<Category, string>> = {
  parameters: '#2a5cb0', gradients: '#ebc27a', optimizerState: '#c4700f', activations: '#00553f', activationGradients: '#a6d5cc',
  buffers: '#9196c3', data: '#6c7077', workspace: '#aab0b8', unattributed: '#912b72',
};

export const phaseColors: Readonly<Record<Phase, string>> = { forward: '#2d68b2', backward: '#c0660f', update: '#13795f', validation: '#59636e' };
