/** Something that an alarm is raised for, before it is decided what is done about it. */
import type { AlarmEvent, Fix } from '../../protocol/runEvents';

export interface Finding extends Pick<AlarmEvent, 'kind' | 'layer' | 'where'> {
  /** What happened: whole sentences. */
  readonly message: string;
  readonly fix?: Fix | undefined;
  /** Whether parameters and state are as good as they were: worth a checkpoint. */
  readonly isGood: boolean;
  /** Whether the run can go on in this process. */
  readonly canGoOn: boolean;
  /** What went wrong, where that was an error. */
  readonly cause?: unknown;
}
