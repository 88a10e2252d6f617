/** What of the catalogue is on this machine, without reading it. */
import { catalogNames, described, downloadBytes, type CatalogName } from '../catalog';
import { filesOf, findData, folderOf } from '../findData';
import { sizeOf } from './transfer';

export interface DataState {
  readonly name: CatalogName;
  readonly title: string;
  readonly licence: string;
  readonly downloadBytes: number;
  /** `here`: all files are there; `partly`: some, or an unfinished download; `absent`: nothing. */
  readonly state: 'here' | 'partly' | 'absent';
  /** Where it is, or would be. */
  readonly folder: string;
  /** Of what lies in its folder. */
  readonly bytes: number;
}

export function dataReport(home: string): DataState[] {
  return catalogNames.map(name => {
    const data = described(name);
    const found = findData(name, home);
    const own = filesOf(name, home);
    const folder = found?.folder ?? folderOf(name, home);
    const bytes = own.reduce((sum, file) => sum + sizeOf(file), 0);
    const state = found?.missing.length === 0 ? 'here' : found !== undefined || own.length > 0 ? 'partly' : 'absent';
    return { name, title: data.title, licence: data.licence, downloadBytes: downloadBytes(data), state, folder, bytes };
  });
}
