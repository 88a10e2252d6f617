/** A study: one problem, every method on it at its own best learning rate, over several seeds. */
import type { Settings } from '../../settings/knobs';
import { tune, type Tuned } from './learningRates';
import { families, type Family, type Method } from './methods';
import type { Outcome } from './outcome';

export interface Study {
  /** Short, for file names. */
  readonly name: string;
  readonly title: string;
  /** What the problem is and how it was run, as Markdown. */
  readonly description: string;
  readonly methods: readonly Method[];
  /** The rungs of the ladder of learning rates that a method starts on. */
  readonly firstRungs: (method: Method) => readonly [first: number, last: number];
  readonly run: (settings: Partial<Settings>, seed: number) => Promise<Outcome>;
}

export interface MethodResult extends Tuned {
  readonly method: Method;
}

export interface StudyResult {
  readonly study: Study;
  readonly results: readonly MethodResult[];
}

/** Is told before every run; `total` grows where a ladder goes on. */
export type Progress = (study: Study, method: Method, done: number, total: number) => void;

export async function runStudy(study: Study, seeds: readonly number[], progress: Progress): Promise<StudyResult> {
  const rungsOf = (method: Method) => study.firstRungs(method)[1] - study.firstRungs(method)[0] + 1;
  let done = 0;
  const results: MethodResult[] = [];
  for (const [index, method] of study.methods.entries()) {
    const toCome = study.methods.slice(index + 1).reduce((sum, other) => sum + rungsOf(other) * seeds.length, 0);
    const planned = done + rungsOf(method) * seeds.length;
    const attempt = async (learningRate: number): Promise<readonly Outcome[]> => {
      const outcomes: Outcome[] = [];
      for (const seed of seeds) {
        progress(study, method, done, Math.max(planned, done + 1) + toCome);
        outcomes.push(await study.run({ ...method.settings, learningRate }, seed));
        done++;
      }
      return outcomes;
    };
    results.push({ method, ...await tune(...study.firstRungs(method), attempt) });
  }
  return { study, results };
}

/** The uncompressed method of a family, which its others are measured by. */
export function denseOf({ results }: StudyResult, family: Family): MethodResult | undefined {
  return results.find(({ method }) => method.family === family && method.compression === 'none');
}

export function familiesIn({ results }: StudyResult): readonly Family[] {
  return families.filter(family => results.some(({ method }) => method.family === family));
}
