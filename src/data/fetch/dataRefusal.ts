/** Why a data set cannot be fetched, checked or removed, and what to do about it. */
export type DataRefusalCode = 'network' | 'checksum' | 'space' | 'permission' | 'busy' | 'unpack' | 'absent' | 'licence';

export class DataRefusal extends Error {
  override readonly name = 'DataRefusal';

  constructor(readonly code: DataRefusalCode, readonly what: string, readonly remedy: string, readonly details = '') {
    super([what, remedy, ...(details === '' ? [] : [`\n${details}`])].join(' '));
  }
}
