/**
 * Builds a runtime: packages, libraries, binding, self-test, each step done once also over several attempts; then puts it in
 * place in one step. Until then nobody finds it.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '../protocol/format';
import { studioVersion } from '../protocol/version';
import { checkSpace } from './checkSpace';
import { compileBinding } from './compileBinding';
import { fetchWheel } from './fetchWheel';
import type { InstallEvent } from './installMessages';
import { installPackages } from './installPackages';
import { takeLock } from './lock';
import { downloadBytes, installedBytes, type PinnedWheel, type RuntimePlan } from './pins';
import { RuntimeRefusal } from './refusal';
import { readRuntime, runtimeRecordFile, type InstalledRuntime, type RuntimeRecord } from './runtimeRecord';
import { differences, weigh } from './seal';
import { selfTest, type SelfTestProgram, type SelfTestResult } from './selfTest';
import { discardStaging, openStaging, putInPlace, sweep, type Staging } from './staging';
import { checkMachine, findTools, thisMachine, type Machine, type Tools } from './tools';
import { unpackWheel } from './unpackWheel';

export interface InstallRequest {
  readonly plan: RuntimePlan;
  readonly home: string;
  /** A folder that holds the wheels; without it pip downloads them. */
  readonly from?: string | undefined;
  /** Builds anew what is there and whole, from nothing. */
  readonly force?: boolean;
  readonly signal: AbortSignal;
  readonly report: (event: InstallEvent) => void;
  readonly selfTest: SelfTestProgram;
  readonly machine?: Machine;
  readonly findTools?: () => Promise<Tools>;
}

export interface InstallResult extends InstalledRuntime {
  /** It was there already, and whole. */
  readonly alreadyThere: boolean;
  readonly test: SelfTestResult;
}

interface Step {
  readonly id: string;
  readonly title: string;
  readonly run: (onBytes: (doing: string, totalBytes: number) => (bytes: number) => void) => Promise<void>;
}

export async function installRuntime(request: InstallRequest): Promise<InstallResult> {
  const { plan, home, signal, report } = request;
  checkMachine(request.machine ?? thisMachine());
  makeHome(home);
  const release = takeLock(home);
  try {
    sweep(home);
    if (request.force) discardStaging(home, plan.name);
    const there = request.force ? undefined : await wholeRuntime(request);
    if (there !== undefined) return there;
    const tools = await (request.findTools ?? findTools)();
    signal.throwIfAborted();
    const staging = openStaging(home, plan);
    checkSpace(home, plan, staging, request.from !== undefined);
    const steps = stepsOf(request, tools, staging);
    report({ type: 'started', name: plan.name, folder: path.join(home, plan.name), steps: steps.length + 1, downloadBytes: downloadBytes(plan), installedBytes: installedBytes(plan) });
    await runSteps(steps, request, staging);
    report({ type: 'step', step: steps.length + 1, steps: steps.length + 1, title: 'Test and hash what was built', done: false });
    const test = await selfTest(request.selfTest, staging.folder, plan.tensorflow, signal);
    const record = await recordOf(plan, tools, staging, signal);
    writeFileSync(path.join(staging.folder, runtimeRecordFile), `${JSON.stringify(record, null, 2)}\n`);
    putInPlace(home, plan.name);
    return { folder: path.join(home, plan.name), record, alreadyThere: false, test };
  } finally {
    release();
  }
}

function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true });
  } catch (error) {
    throw new RuntimeRefusal('permission', `${home} cannot be made (${error instanceof Error ? error.message : String(error)}).`, 'Name a folder that you may write to in EFCP_RUNTIME_HOME.');
  }
}

/** The runtime that is asked for, if it is there, as it was built, and computes. */
async function wholeRuntime({ plan, home, signal, selfTest: program }: InstallRequest): Promise<InstallResult | undefined> {
  const folder = path.join(home, plan.name);
  try {
    const record = readRuntime(folder);
    if ((await differences(folder, record, signal)).length > 0) return undefined;
    return { folder, record, alreadyThere: true, test: await selfTest(program, folder, plan.tensorflow, signal) };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

async function runSteps(steps: readonly Step[], { signal, report }: InstallRequest, staging: Staging): Promise<void> {
  for (const [index, { id, title, run }] of steps.entries()) {
    const done = staging.isDone(id);
    const step = index + 1;
    report({ type: 'step', step, steps: steps.length + 1, title, done });
    if (done) continue;
    await run((doing, totalBytes) => bytes => report({ type: 'progress', step, doing, bytes, totalBytes }));
    signal.throwIfAborted();
    staging.done(id);
  }
}

function stepsOf(request: InstallRequest, tools: Tools, staging: Staging): Step[] {
  const { plan, signal } = request;
  return [
    { id: 'packages', title: `Install ${plan.packageName} ${plan.tfjs} from npm`, run: () => installPackages(plan, staging.folder, tools.npm, signal) },
    ...plan.wheels.map(pinned => wheelStep(pinned, request, tools, staging)),
    { id: 'binding', title: `Compile the binding with ${tools.compilerVersion}`, run: () => compileBinding(staging.folder, plan.packageName, tools, staging.temporary, signal) },
    ...(plan.links.length === 0 ? [] : [{ id: 'links', title: 'Link libraries to where they are looked for', run: () => link(plan, depsIn(staging, plan)) }]),
  ];
}

function depsIn({ folder }: Staging, { packageName }: RuntimePlan): string {
  return path.join(folder, 'node_modules', packageName, 'deps');
}

function link({ links }: RuntimePlan, deps: string): Promise<void> {
  for (const [place, target] of links) {
    rmSync(path.join(deps, place), { force: true });
    symlinkSync(target, path.join(deps, place));
  }
  return Promise.resolve();
}

function wheelStep(pinned: PinnedWheel, { plan, from, signal }: InstallRequest, { python }: Tools, staging: Staging): Step {
  return {
    id: pinned.file, title: `Fetch and unpack ${pinned.project} ${pinned.version} (${formatBytes(pinned.bytes)})`,
    run: async onBytes => {
      const wheel = await fetchWheel({ python, pinned, staging, from, signal, onBytes: onBytes('downloading', pinned.bytes) });
      const target = depsIn(staging, plan);
      mkdirSync(target, { recursive: true });
      await unpackWheel({ python, wheel, target, pinned, signal, onBytes: onBytes('unpacking', pinned.unpacked.bytes) });
      if (from === undefined) await rm(wheel);
    },
  };
}

async function recordOf(plan: RuntimePlan, { compilerVersion }: Tools, staging: Staging, signal: AbortSignal): Promise<RuntimeRecord> {
  rmSync(path.join(staging.folder, runtimeRecordFile), { force: true });
  const { name, kind, packageName, tfjs, tensorflow, cuda } = plan;
  return {
    version: 1, name, kind, packageName, tfjs, tensorflow, createdAt: new Date().toISOString(), studio: studioVersion, node: process.version, compiler: compilerVersion,
    ...await weigh(staging.folder, packageName, signal), ...(cuda === undefined ? {} : { cuda: { ...cuda, computeCapabilities: [...cuda.computeCapabilities] } }),
  };
}
