/** `efcp runtime`: builds, lists, checks and removes managed TensorFlow runtimes. */
import { formatBytes } from '../protocol/format';
import { downloadBytes, installedBytes, runtimePlans, type RuntimeKind } from '../runtime/pins';
import { runtimeHome } from '../runtime/runtimeHome';
import type { Command } from './command';
import { checkRuntime } from './runtimeCheck';
import { installCommand } from './runtimeInstall';
import { listRuntimes } from './runtimeList';
import { removeRuntimes } from './runtimeRemove';
import { verifyRuntimes } from './runtimeVerify';
import { UsageError } from './usageError';

/** `check` is what the installation starts to test what it built. */
const verbs: Readonly<Record<string, Command['run']>> = { install: installCommand, list: listRuntimes, verify: verifyRuntimes, remove: removeRuntimes, check: checkRuntime };

const sizes = (kind: RuntimeKind) => `downloads ${formatBytes(downloadBytes(runtimePlans[kind]))}, keeps ${formatBytes(installedBytes(runtimePlans[kind]))}`;

export const runtimeCommand: Command = {
  summary: 'install TensorFlow\'s own kernels, list or remove them',
  help: `efcp runtime install [--cpu | --gpu] [--from DIR] [--force] [--json]
efcp runtime list [--json]
efcp runtime verify [NAME] [--json]
efcp runtime remove [NAME | --all] [--json]

Builds the backend "tensorflow" from npm's TensorFlow.js and the libraries of TensorFlow's Python package, which needs npm, a
Python with pip and a C++ compiler, on Linux on x64. A workspace's own @tensorflow/tfjs-node(-gpu) goes before it.

  install  --cpu (the default) ${sizes('cpu')};
           --gpu ${sizes('gpu')}, for NVIDIA's GPUs.
           Ctrl-C cancels; what is finished is kept, and the next attempt goes on from there.
  list     what is installed, with versions and sizes
  verify   hashes every file and computes on it
  remove   takes a runtime away; --all also what unfinished attempts left

  --from DIR  takes the Python wheels from a folder instead of downloading them
  --force     builds anew, from nothing
  --json      writes events, or the report, as JSON
  --help      shows this

They lie in ${runtimeHome()}; EFCP_RUNTIME_HOME names another folder, EFCP_PYTHON and CXX other programs.
Exit codes: 0 done, 1 refused or failed, 2 the command line was refused, 130 cancelled.`,

  run([verb, ...args]) {
    const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined) throw new UsageError(`${verb === undefined ? 'Say what to do' : `"${verb}" is not something to do`} with runtimes: install, list, verify or remove; see efcp runtime --help.`);
    return run(args);
  },
};
