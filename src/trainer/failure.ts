/** How a run ends that cannot go on: why, and where its backend is at fault the one to go on with. */
import { asBackendError } from '../backends/backendError';
import type { UsedBackend } from '../protocol/backends';
import { nextBest } from '../protocol/fallback';
import type { FinishedEvent } from '../protocol/runEvents';
import { StoppedByAlarm } from './alarms/stoppedByAlarm';

/** `backend`: the one in use, as far as there is one. */
export function failureOf(error: unknown, backend?: Pick<UsedBackend, 'name' | 'alternatives'>): Required<Pick<FinishedEvent, 'message'>> & Pick<FinishedEvent, 'fallback'> {
  const failed = asBackendError(backend?.name ?? '', error instanceof StoppedByAlarm ? error.cause : error);
  const message = (error instanceof StoppedByAlarm ? error.message : failed?.message) ?? (error instanceof Error ? error.message : String(error));
  const fallback = failed && nextBest(failed.backend, backend?.alternatives);
  return { message, ...(fallback === undefined ? {} : { fallback }) };
}
