/** What a run does to hold fewer bytes, by the knobs that turn it on. */
import { isUsedBy, type KnobName, type Settings } from './knobs';
import { elementwise, isAmong, type Optimizer } from './optimizers';

type Halves = Pick<Settings, 'parameterPrecision'>;

/** Whether parameters and their gradients are stored in two bytes. */
export function keepsHalves({ parameterPrecision }: Halves): boolean {
  return parameterPrecision !== 'float32';
}

export type ElementwiseName = (typeof elementwise)[number];

export function isElementwise(optimizer: Optimizer): optimizer is ElementwiseName {
  return isAmong(elementwise, optimizer);
}

/** Whether parameters are held in float32 as well. */
export function hasMaster(settings: Pick<Settings, 'masterCopy' | 'parameterPrecision'>): boolean {
  return settings.masterCopy && keepsHalves(settings);
}

/** Whether the loss is scaled. bfloat16 has the range of float32, so nothing small is lost in it. */
export function scalesLoss({ lossScaling, parameterPrecision }: Halves & Pick<Settings, 'lossScaling'>): boolean {
  return lossScaling === 'dynamic' || (lossScaling === 'auto' && parameterPrecision === 'float16');
}

/** Each technique and the knob that it is turned on by. */
const techniques = {
  microbatch: ({ microbatch }) => microbatch !== null,
  recompute: ({ recompute }) => recompute !== 'none',
  activationPrecision: ({ activationPrecision }) => activationPrecision !== 'float32',
  parameterPrecision: keepsHalves,
  momentPrecision: ({ optimizer, momentPrecision }) => isUsedBy('momentPrecision', optimizer) && momentPrecision !== 'float32',
  lossScaling: scalesLoss,
  weightDensity: ({ weightDensity }) => weightDensity < 1,
  fusedUpdate: ({ fusedUpdate }) => fusedUpdate,
} as const satisfies Partial<Record<KnobName, (settings: Settings) => boolean>>;

export type Technique = keyof typeof techniques;

export function techniquesIn(settings: Settings): Technique[] {
  return (Object.keys(techniques) as Technique[]).filter(name => techniques[name](settings));
}

/** Those that store parameters or the optimizer's state in another form than dense float32, or update them piece by piece: on the host only. */
export const packedTechniques = ['parameterPrecision', 'momentPrecision', 'weightDensity', 'fusedUpdate'] as const satisfies readonly Technique[];

export function isPacked(settings: Settings): boolean {
  return techniquesIn(settings).some(name => (packedTechniques as readonly Technique[]).includes(name));
}
