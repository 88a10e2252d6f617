/** A sentence for screen readers, politely and not too often: at every change of state, else every ten seconds. */
import { formatBytes, formatCount } from '../../src/protocol/format';
import type { RunStatus } from '../../src/protocol/runState';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { formatAccuracy, formatLoss } from '../format';
import { createPace } from '../pace';
import type { View } from '../store';
import { standingAlarm, titleOf } from './alarmNotice';

const digestPaceMs = 10_000;

export function createDigest(): Component {
  const region = element('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  const pace = createPace(digestPaceMs);
  let status: RunStatus | undefined;
  let alarms = 0;
  return {
    element: region,
    render: view => {
      if (view.state.status !== status || view.state.alarms.length !== alarms) setText(region, digestOf(view));
      else if (view.state.status === 'running') pace(() => setText(region, digestOf(view)));
      status = view.state.status;
      alarms = view.state.alarms.length;
    },
  };
}

export function digestOf({ state }: View): string {
  const { status, step, started, latest, validation, peak } = state;
  const alarm = standingAlarm(state);
  const parts = [`Run ${status}`];
  if (started) parts.push(`step ${formatCount(step)} of ${formatCount(started.totalSteps)}`);
  if (latest) parts.push(`loss ${formatLoss(latest.loss)}`);
  if (validation?.accuracy !== undefined) parts.push(`validation accuracy ${formatAccuracy(validation.accuracy)}`);
  if (peak) parts.push(`peak memory ${formatBytes(peak.peakBytes)}`);
  return `${parts.join(', ')}.${alarm === undefined ? '' : ` ${titleOf(alarm)}`}`;
}
