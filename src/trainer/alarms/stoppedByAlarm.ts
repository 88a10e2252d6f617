/** Ends a run because of an alarm; its message is the alarm's. The cause is what went wrong, where that was an error. */
export class StoppedByAlarm extends Error {
  override readonly name = 'StoppedByAlarm';
}
