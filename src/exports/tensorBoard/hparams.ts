/**
 * What TensorBoard's HParams tab reads (hparams/plugin_data.proto): the experiment says which settings and metrics there are, the
 * start and the end of a session give their values and how it went. All runs of a log folder must tell of the same experiment,
 * since the first that is found counts.
 */
import type { RunStatus } from '../../protocol/runState';
import { isRead } from '../../settings/isRead';
import { knob, knobNames, type KnobName, type Settings } from '../../settings/knobs';
import { double, part, whole } from '../protobuf';
import { pluginData } from './eventMessages';

const plugin = 'hparams';
const [textType, switchType, numberType] = [1, 2, 3];
/** [unknown, success, failure, running] */
const sessionStatus = (status: RunStatus) => status === 'completed' || status === 'stopped' ? 1 : status === 'failed' || status === 'interrupted' ? 2 : 3;

/** The metrics of the table; every other scalar has its chart. */
const metrics: readonly (readonly [tag: string, label: string])[] = [
  ['validation/loss', 'Validation loss'], ['validation/accuracy', 'Validation accuracy'], ['train/loss', 'Loss'], ['memory/peak', 'Peak bytes'], ['time/stepMs', 'Step, ms'],
];

/** Settings that at least one of the runs reads. */
export function readBy(runs: readonly Settings[]): KnobName[] {
  return knobNames.filter(name => runs.some(settings => isRead(name, settings)));
}

export function experiment(names: readonly KnobName[], seconds: number): Buffer {
  const settings = names.map(name => part(4, [part(1, name), part(2, knob(name).label), part(3, knob(name).help), whole(4, typeOf(name))]));
  const measured = metrics.map(([tag, label]) => part(5, [part(1, part(2, tag)), part(3, label)]));
  return pluginData('_hparams_/experiment', plugin, Buffer.concat([part(2, [double(3, seconds), ...settings, ...measured])]));
}

export function sessionStart(names: readonly KnobName[], settings: Settings, group: string, seconds: number): Buffer {
  const entries = names.flatMap(name => {
    const value = isRead(name, settings) ? protoValue(name, settings[name]) : undefined;
    return value === undefined ? [] : [part(1, [part(1, name), part(2, value)])];
  });
  return pluginData('_hparams_/session_start_info', plugin, part(3, [...entries, part(4, group), double(5, seconds)]));
}

export function sessionEnd(status: RunStatus, seconds: number): Buffer {
  return pluginData('_hparams_/session_end_info', plugin, part(4, [whole(1, sessionStatus(status)), double(2, seconds)]));
}

function typeOf(name: KnobName): number {
  const { kind } = knob(name);
  return kind === 'number' ? numberType : kind === 'switch' ? switchType : textType;
}

/** A google.protobuf.Value; undefined for null, which is no value of the column's type. */
function protoValue(name: KnobName, value: Settings[KnobName]): Buffer | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return whole(4, value);
  if (typeof value === 'number' && typeOf(name) === numberType) return double(2, value);
  return part(3, typeof value === 'object' ? JSON.stringify(value) : String(value));
}
