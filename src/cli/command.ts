import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usageError';

/** One word after `efcp`. */
export interface Command {
  readonly summary: string;
  readonly help: string;
  /** Resolves to the exit code. */
  run(args: readonly string[]): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<Given extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: Given; allowPositionals: true; strict: true }>>;

/** Node's own parser, its complaints turned into usage errors. */
export function parseCommandLine<const Given extends Options>(args: readonly string[], options: Given): Parsed<Given> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
