/** Weighs and hashes a runtime that has just been built, and compares one with what its record says. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { digestOf, filesBelow, hashOf } from './digest';
import { runtimeRecordFile, type NativeFile, type RuntimeRecord } from './runtimeRecord';

export type Contents = Pick<RuntimeRecord, 'bytes' | 'natives' | 'packagesSha256'>;

/** Files of a package that the machine runs as they are: everything below these folders. */
const nativeFolders = ['deps', 'lib'];

export async function weigh(folder: string, packageName: string, signal?: AbortSignal): Promise<Contents> {
  const prefixes = nativeFolders.map(name => `node_modules/${packageName}/${name}/`);
  const natives: NativeFile[] = [];
  const others: string[] = [];
  let bytes = 0;
  for (const file of await filesBelow(folder)) {
    if (file === runtimeRecordFile) continue;
    const { size } = await lstat(path.join(folder, file));
    bytes += size;
    if (prefixes.some(prefix => file.startsWith(prefix))) natives.push({ path: file, bytes: size, sha256: await hashOf(path.join(folder, file), signal) });
    else others.push(file);
  }
  return { bytes, natives, packagesSha256: await digestOf(folder, others, signal) };
}

/** What differs from the record, in words; empty where nothing does. */
export async function differences(folder: string, record: RuntimeRecord, signal?: AbortSignal): Promise<string[]> {
  const found = await weigh(folder, record.packageName, signal);
  const foundFiles = new Map(found.natives.map(native => [native.path, native]));
  const recorded = new Set(record.natives.map(native => native.path));
  return [
    ...record.natives.flatMap(native => {
      const here = foundFiles.get(native.path);
      if (here === undefined) return [`${native.path} is missing`];
      return here.sha256 === native.sha256 ? [] : [`${native.path} has changed`];
    }),
    ...found.natives.filter(native => !recorded.has(native.path)).map(native => `${native.path} is new`),
    ...(found.packagesSha256 === record.packagesSha256 ? [] : ['the files of npm\'s packages have changed']),
  ];
}
