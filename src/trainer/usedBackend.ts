/** What a run records of its backend. */
import type { UsedBackend } from '../protocol/backends';
import type { ChosenBackend } from './choice/chooseForRun';

export function usedBackendOf({ name, version, reason, device, alternatives }: ChosenBackend): UsedBackend {
  return { name, version, reason, ...(device === undefined ? {} : { device }), ...(alternatives === undefined ? {} : { alternatives: [...alternatives] }) };
}
