/** `efcp plan`: the settings that fit a budget, what each single change would save, and the largest batch. */
import { planLimits, type PlanLimits } from '../protocol/planningWire';
import { risks } from '../protocol/plan';
import { deviceMemory } from '../planning/deviceMemory';
import { makePlan } from '../planning/makePlan';
import type { PlanSource } from '../planning/planSource';
import { parseByteSize } from '../settings/byteSize';
import type { Settings } from '../settings/knobs';
import { presetNames } from '../settings/presets';
import { Estimator } from '../trainer/estimate/estimator';
import { measureSteps } from '../trainer/measureSteps';
import { parseCommandLine, type Command } from './command';
import { drawPlan } from './drawPlan';
import { interruptedCode, interruption } from './interruption';
import { planText } from './planText';
import { progressLine } from './progressLine';
import { refuseTarget } from './refuseTarget';
import { parseAssignment, resolveRequest } from './runRequest';
import { UsageError } from './usageError';
import { writePlanned } from './writePlanned';

/** The first sets things up as well. */
const verifiedSteps = 4;

export const planCommand: Command = {
  summary: 'find the settings that fit a memory budget',
  help: `efcp plan PRESET|FILE [--set key=value …] [--backend NAME] [--budget SIZE|device] [--count peak|stored] [--most-step-time T] [--risk R]
          [--verify] [--write OUT.efcp.json] [--picture OUT.svg|OUT.png] [--force] [--json]

Weighs every combination of memory techniques without training, times each technique on a few examples, and shows those that no other beats in bytes, time and risk together,
what each single change would save, and the largest batch that fits.

  --set key=value     sets any setting; may be repeated
  --backend NAME      short for --set backend=NAME
  --budget SIZE       bytes to stay within, such as 2GB, 8MB (powers of 1,000) or 500MiB (of 1,024); device: the memory that there is,
                      of a GPU, of the heap of wasm (4 GiB), or three quarters of the machine's
  --count C           what the budget limits: peak (default), all live bytes at the highest instant; stored, without workspace, as
                      arXiv 1904.10631 counts
  --most-step-time T  the longest that a step may take: 200 or 200ms, or 1.5x as long as with the given settings
  --risk R            the most that settings may do to the result: same, rounding, statistics, precision, sparsity (default)
  --verify            takes the first steps with the chosen settings, and sets what they hold and take beside what was predicted
  --write OUT         writes a run file with the chosen settings; of a run file comments and all else stay
  --picture OUT       draws bytes and time of the combinations that no other beats
  --force             lets --write and --picture overwrite
  --json              writes the plan as JSON
  --help              shows this

Chosen is what fits with the least risk, and of that the fastest.
Exit codes: 0 a combination fits or there is no budget, 1 none fits, 2 the command line or the file was refused, ${interruptedCode} interrupted.`,

  async run(args) {
    const { values, positionals: [target, ...more] } = parseCommandLine(args, {
      'set': { type: 'string', multiple: true }, 'budget': { type: 'string' }, 'count': { type: 'string' }, 'most-step-time': { type: 'string' }, 'risk': { type: 'string' },
      'backend': { type: 'string' }, 'write': { type: 'string' }, 'picture': { type: 'string' }, 'force': { type: 'boolean' }, 'verify': { type: 'boolean' }, 'json': { type: 'boolean' },
    });
    if (target === undefined) throw new UsageError(`Say what to plan for: a preset (${presetNames.join(', ')}) or a *.efcp.json file.`);
    if (values.write !== undefined) {
      if (values.budget === undefined) throw new UsageError('--write needs --budget: without one nothing is chosen. Write for example --budget 2GB.');
      refuseTarget({ option: '--write', file: values.write, endings: ['.efcp.json'], example: 'my-run.efcp.json', mayOverwrite: values.force === true });
    }
    if (values.picture !== undefined) refuseTarget({ option: '--picture', file: values.picture, endings: ['.svg', '.png'], example: 'plan.svg', mayOverwrite: values.force === true });
    if (values.verify === true && values.budget === undefined) throw new UsageError('--verify needs --budget: without one nothing is chosen. Write for example --budget 2GB.');
    const set = [...values.set ?? [], ...more, ...values.backend === undefined ? [] : [`backend=${values.backend}`]];
    const overrides = Object.fromEntries(set.map(parseAssignment));
    const { name, settings } = resolveRequest(target, overrides);
    const place = { assets: __dirname, workspace: process.cwd() };
    const [estimator, signal, progress] = [new Estimator(place), interruption(), progressLine(process.stderr)];
    try {
      const { limits, budgetIs } = await limitsOf(values, settings, estimator, signal);
      const plan = await makePlan(estimator, settings, limits, { signal, progress: (done, of, what) => { progress.show(`${what}${of > 1 ? ` (${done} of ${of})` : ''}`); } });
      const chosen = plan.chosen === undefined ? undefined : plan.front[plan.chosen];
      const verified = values.verify === true && chosen !== undefined ? { ...settings, ...chosen.changes } : undefined;
      if (verified !== undefined) progress.show('taking steps with the chosen settings');
      const measured = verified && await measureSteps(verified, place, verifiedSteps, signal);
      progress.clear();
      process.stdout.write(values.json ? `${JSON.stringify({ ...plan, measured }, null, 2)}\n` : `${planText(plan, { target, set, budgetIs, measured })}\n`);
      if (values.write !== undefined && chosen !== undefined) {
        writePlanned(values.write, target, { ...overrides, ...chosen.changes });
        progress.say(`efcp: wrote ${values.write}`);
      }
      if (values.picture !== undefined) progress.say(await drawPlan(values.picture, plan, name));
      return limits.budgetBytes !== undefined && chosen === undefined ? 1 : 0;
    } catch (error) {
      if (!signal.aborted) throw error;
      return interruptedCode;
    } finally {
      progress.clear();
      estimator.dispose();
    }
  },
};

interface LimitOptions {
  readonly 'budget'?: string | undefined;
  readonly 'count'?: string | undefined;
  readonly 'most-step-time'?: string | undefined;
  readonly 'risk'?: string | undefined;
}

async function limitsOf(options: LimitOptions, settings: Settings, source: PlanSource, signal: AbortSignal): Promise<{ limits: PlanLimits; budgetIs?: string }> {
  const { budget, count = 'peak', risk = 'sparsity', 'most-step-time': time } = options;
  if (count !== 'peak' && count !== 'stored') throw new UsageError(`--count is "${count}", but must be peak or stored. Write for example --count stored.`);
  const mostRisk = risks.find(each => each === risk);
  if (mostRisk === undefined) throw new UsageError(`--risk is "${risk}", but must be one of ${risks.join(', ')}. Write for example --risk rounding.`);
  const device = budget === 'device' ? await deviceMemory(await source.estimate(settings, { bytesOnly: true, signal })) : undefined;
  const budgetBytes = device?.bytes ?? (budget === undefined ? undefined : parseByteSize(budget, '--budget'));
  return {
    limits: planLimits.parse({ counted: count, mostRisk, ...(budgetBytes === undefined ? {} : { budgetBytes }), ...(time === undefined ? {} : stepTime(time)) }),
    ...(device === undefined ? {} : { budgetIs: device.what }),
  };
}

/** Milliseconds, or as many times those of the given settings. */
function stepTime(text: string): Pick<PlanLimits, 'mostStepMs' | 'mostStepRatio'> {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|x)?\s*$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === '' || value <= 0) throw new UsageError(`--most-step-time is "${text}", but must be a time above 0 such as 200, 200ms or 2s, or a factor such as 1.5x. Write for example --most-step-time 1.5x.`);
  if (unit === 'x') return { mostStepRatio: value };
  return { mostStepMs: unit === 's' ? 1000 * value : value };
}
