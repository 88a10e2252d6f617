/** Weighs what an alarm for want of memory proposes once the run has ended, in a process of its own (`efcp estimate --serve`). */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isForMemory } from '../protocol/alarmFix';
import type { Estimate } from '../protocol/estimate';
import { parsePlanningAnswer, type PlanningRequest } from '../protocol/planningWire';
import { eachEvent } from '../protocol/runDirectory';
import type { AlarmEvent, Fix } from '../protocol/runEvents';
import { applyEvent, initialState } from '../protocol/runState';
import { weighedFix } from '../protocol/weighedFix';
import type { Settings } from '../settings/knobs';

const mostMs = 30_000;

/** The alarm's own fix where nothing better is known in time. `settings`: what the run was started with. */
export async function weighFix(folder: string, settings: Settings, alarm: AlarmEvent): Promise<Fix | undefined> {
  if (!isForMemory(alarm)) return alarm.fix;
  const state = initialState(settings);
  for (const event of eachEvent(folder)) applyEvent(state, event);
  const signal = AbortSignal.timeout(mostMs);
  const served = serve(signal);
  try {
    return await weighedFix(state, alarm, { signal, estimate: served.estimate }) ?? alarm.fix;
  } finally {
    served.end();
  }
}

interface Served {
  readonly estimate: (settings: Settings) => Promise<Estimate>;
  readonly end: () => void;
}

function serve(signal: AbortSignal): Served {
  const child = spawn(process.execPath, [path.join(__dirname, 'cli.js'), 'estimate', '--serve'], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
  const open = new Map<number, { readonly resolve: (estimate: Estimate) => void; readonly reject: (error: Error) => void }>();
  const failAll = (error: Error) => { for (const { reject } of open.values()) reject(error); };
  let last = 0;
  createInterface({ input: child.stdout }).on('line', line => {
    const answer = parsePlanningAnswer(line);
    if (answer?.type === 'estimate') open.get(answer.id)?.resolve(answer.estimate);
    if (answer?.type === 'refused') open.get(answer.id)?.reject(new Error(answer.message));
  });
  child.stdin.on('error', failAll);
  child.on('error', failAll).on('close', () => { failAll(new Error('The process that estimates broke off.')); });
  signal.addEventListener('abort', () => { failAll(signal.reason as Error); });
  return {
    estimate: settings => new Promise<Estimate>((resolve, reject) => {
      const id = ++last;
      open.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id, type: 'estimate', settings: { ...settings }, bytesOnly: true } satisfies PlanningRequest)}\n`);
    }),
    end: () => { child.kill(); },
  };
}
