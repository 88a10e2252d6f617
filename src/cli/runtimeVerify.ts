/** `efcp runtime verify`: hashes every file of a runtime, then computes on it. */
import { RuntimeRefusal } from '../runtime/refusal';
import { runtimeHome } from '../runtime/runtimeHome';
import { readRuntimes, type InstalledRuntime } from '../runtime/runtimeRecord';
import { differences } from '../runtime/seal';
import { selfTest } from '../runtime/selfTest';
import { parseCommandLine } from './command';
import { checkProgram } from './runtimeCheck';
import { formatTable } from './table';

interface Verdict {
  readonly name: string;
  readonly whole: boolean;
  readonly problems: readonly string[];
}

export async function verifyRuntimes(args: readonly string[]): Promise<number> {
  const { values, positionals: [name] } = parseCommandLine(args, { json: { type: 'boolean' } });
  const home = runtimeHome();
  const { runtimes, unreadable } = readRuntimes(home);
  const broken = unreadable.map(({ name: folder, why }) => ({ name: folder, whole: false, problems: [why] }));
  const verdicts: Verdict[] = broken.filter(verdict => name === undefined || verdict.name === name);
  for (const runtime of runtimes) if (name === undefined || runtime.record.name === name) verdicts.push(await verify(runtime));
  if (verdicts.length === 0) throw new RuntimeRefusal('absent', `There is no runtime ${name === undefined ? '' : `"${name}" `}in ${home}.`, 'Build one with efcp runtime install; efcp runtime list names those there are.');
  if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`);
  else process.stdout.write(`${formatTable(verdicts.map(verdict => [verdict.name, verdict.whole ? 'whole, and computes' : `broken: ${verdict.problems.join('; ')}. Build it anew with efcp runtime install --force`]))}\n`);
  return verdicts.every(({ whole }) => whole) ? 0 : 1;
}

async function verify({ folder, record }: InstalledRuntime): Promise<Verdict> {
  const problems = await differences(folder, record);
  if (problems.length === 0) await selfTest(checkProgram(), folder, record.tensorflow).catch((error: unknown) => { problems.push(error instanceof Error ? error.message : String(error)); });
  return { name: record.name, whole: problems.length === 0, problems };
}
