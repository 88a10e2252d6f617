/** `efcp bench optimizers`. */
import { benchOptimizers, defaultDimensions, defaultRecipes, type BenchRow } from '../bench/optimizers/optimizersBench';
import type { Settings } from '../settings/knobs';
import { optimizers, type Optimizer } from '../settings/optimizers';
import { checkRunFile } from '../settings/validate';
import { benchTable } from './benchTable';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { progressLine } from './progressLine';
import { jsonRows, tableRows, type RowsOut } from './rowsOut';
import { parseAssignment } from './runRequest';
import { UsageError } from './usageError';

/** Of a step, where nobody named the recipe: the Newton-Schulz steps and roots of large matrices take minutes. */
const patienceMs = 10_000;

export async function runOptimizersBench(args: readonly string[]): Promise<number> {
  const { values, positionals: [surplus] } = parseCommandLine(args, {
    recipe: { type: 'string' }, dim: { type: 'string' }, window: { type: 'string' }, density: { type: 'string' }, rank: { type: 'string' },
    set: { type: 'string', multiple: true }, json: { type: 'boolean' },
  });
  if (surplus !== undefined) throw new UsageError(`"${surplus}" belongs to no option. See efcp bench --help.`);
  const recipes = values.recipe === undefined ? defaultRecipes : values.recipe.split(',').map(recipeNamed);
  const dimensions = values.dim === undefined ? defaultDimensions : values.dim.split(',').map(dimensionOf);
  const overrides = overridesIn(values);
  const progress = progressLine(process.stderr);
  const signal = interruption();
  const table: RowsOut<BenchRow> = values.json ? jsonRows(process.stdout) : tableRows(process.stdout, ({ dim }) => dim, benchTable);
  try {
    const rows = benchOptimizers({
      recipes, dimensions, longestStepMs: values.recipe === undefined ? patienceMs : Number.POSITIVE_INFINITY, overrides, assets: __dirname, signal,
      note: what => progress.show(what), skipped: what => progress.say(`efcp: left out ${what}`),
    });
    for await (const row of rows) {
      progress.clear();
      table.add(row);
    }
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return interruptedCode;
  } finally {
    progress.clear();
    table.end();
  }
}

function recipeNamed(name: string): Optimizer {
  const known = optimizers.find(optimizer => optimizer === name.trim());
  if (known === undefined) throw new UsageError(`--recipe names "${name}", but must name some of ${optimizers.join(', ')}. Write for example --recipe sparse-mfac,adamw.`);
  return known;
}

function dimensionOf(text: string): number {
  const dimension = Number(text);
  if (text.trim() === '' || !Number.isInteger(dimension) || dimension < 1 || dimension > 1e9) throw new UsageError(`--dim is given "${text}", but must be whole numbers from 1 to 1e9. Write for example --dim 1e5,1e6.`);
  return dimension;
}

function overridesIn(values: { window?: string | undefined; density?: string | undefined; rank?: string | undefined; set?: string[] | undefined }): Partial<Settings> {
  const short = (['window', 'density', 'rank'] as const).flatMap(name => (values[name] === undefined ? [] : [`${name}=${values[name]}`]));
  const { preset, name, optimizer, ...overrides } = checkRunFile(Object.fromEntries([...values.set ?? [], ...short].map(parseAssignment)));
  const refused = Object.entries({ preset, name, optimizer }).find(([, value]) => value !== undefined);
  if (refused !== undefined) throw new UsageError(`--set is given ${refused[0]}, but a bench takes optimizers from --recipe. Leave it out.`);
  if (overrides.placement === 'device') throw new UsageError('--set is given placement=device, but this bench measures the host. Leave it out.');
  return overrides;
}
