/** Something wrong with what a user wrote: which field, what it holds, what is allowed, and what to do about it. */
export interface Problem {
  /** Path of the field, for example `density`; empty for the document itself. */
  readonly field: string;
  /** One sentence with the value, the allowed range and the remedy. */
  readonly message: string;
  /** One-based place in the file, where the problem came from one. */
  readonly line?: number;
  readonly column?: number;
}

/** Thrown by everything that reads user input; carries every problem found, not only the first. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(readonly problems: readonly Problem[], source?: string) {
    super(problems.map(problem => formatProblem(problem, source)).join('\n'));
  }
}

export function formatProblem({ line, column, message }: Problem, source?: string): string {
  const place = [source, line, column].filter(part => part !== undefined).join(':');
  return place ? `${place}: ${message}` : message;
}
