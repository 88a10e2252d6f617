/** The JSON Schema of `*.efcp.json`, from the same table that validates them; the build writes it to dist/. */
import * as z from 'zod';
import { runFileSchema } from './knobSchema';

export function runFileJsonSchema(): object {
  return {
    ...z.toJSONSchema(runFileSchema, { target: 'draft-7' }),
    title: 'EFCP training run',
    allowComments: true,
    allowTrailingCommas: true,
  };
}
