/** Loads a user's JavaScript module, and calls what it exports; every error names the module's own file and line. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../settings/problem';
import { withSeededRandomness } from './seededRandomness';

export type Creator = 'createModel' | 'createData';

export interface OwnModule {
  readonly file: string;
  readonly exported: Readonly<Record<string, unknown>>;
}

const examples: Readonly<Record<Creator, string>> = {
  createModel: 'export function createModel(tf, { seed, layers }) { return tf.sequential(...); }',
  createData: 'export function createData(tf, { seed }) { return { train: { xs, ys } }; }',
};

/** `file`: the setting `module`, as a run keeps it: an absolute path. */
export async function loadOwnModule(file: string | null): Promise<OwnModule> {
  if (file === null) throw moduleProblem('module is null, but must be the path of a JavaScript module. Set it, for example to "./my-model.mjs".');
  if (!path.isAbsolute(file)) throw moduleProblem(`module is ${JSON.stringify(file)}, which starts at no folder: a relative path starts at the run file, and the run was not started from a file on this disk. Save the run file, or write the whole path.`);
  if (!existsSync(file)) throw moduleProblem(`module is ${JSON.stringify(file)}, where there is no file. Correct the path; a relative one starts at the run file.`);
  try {
    const exported = await import(pathToFileURL(file).href) as Record<string, unknown>;
    // A CommonJS module's exports are its default, and are seen by name only where Node can tell them.
    const { default: whole } = exported;
    return { file, exported: { ...(typeof whole === 'object' ? whole : {}), ...exported } };
  } catch (error) {
    throw moduleProblem(`module is ${JSON.stringify(file)}, which cannot be loaded: ${placed(error, file)}. Correct the module.`, error);
  }
}

/** Calls what the module exports under this name with `tf`, the seed and the layers of sequences; what it draws from Math.random follows from the seed too. */
export async function callCreator({ file, exported }: OwnModule, creator: Creator, seed: number): Promise<unknown> {
  const create = exported[creator];
  if (typeof create !== 'function') throw moduleProblem(`module is ${JSON.stringify(file)}, whose export ${creator} is ${kindOf(create)}, but must be a function${exportedInWords(exported)}. Write for example: ${examples[creator]}`);
  const [{ tensorFlowFor }, { notingLayers }, { layerMakers }] = await Promise.all([import('./tensorFlowNamespace'), import('./notingLayers'), import('../sequence/layers/layerMakers')]);
  try {
    return await withSeededRandomness(seed, () => (create as (tf: unknown, options: unknown) => unknown)(tensorFlowFor(file), { seed, layers: notingLayers(layerMakers, file) }));
  } catch (error) {
    throw moduleProblem(`${creator} of the module ${file} threw: ${placed(error, file)}. Correct the module.`, error);
  }
}

export function moduleProblem(message: string, cause?: unknown): InputError {
  const problem = new InputError([{ field: 'module', message }]);
  problem.cause = cause;
  return problem;
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return `the ${typeof value} ${JSON.stringify(value)}`;
  const { name } = (value as { readonly constructor?: { readonly name?: string } }).constructor ?? {};
  return typeof value === 'function' ? 'a function' : name === undefined || name === 'Object' ? `an object with ${Object.keys(value).join(', ') || 'nothing in it'}` : `a ${name}`;
}

function exportedInWords(exported: OwnModule['exported']): string {
  const names = Object.keys(exported).filter(name => name !== 'default');
  return names.length === 0 ? '; it exports nothing' : `; it exports ${names.join(', ')}`;
}

/** The message of an error, with the line of the module that it came from, where its stack says one. */
function placed(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const { stack = '' } = error;
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const place = at < 0 ? undefined : /^:\d+(:\d+)?/.exec(stack.slice(at + name.length))?.[0];
    if (place !== undefined) return `${error.message} (${path.basename(file)}${place})`;
  }
  return error.message;
}
