/** TypeScript's messages in English and German, packed into `<assets>/messages` by the build. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { PackedMessage } from '../packMessages';

const packed = z.array(z.object({ category: z.number(), english: z.string(), german: z.string() }));

export function readMessages(assets: string): PackedMessage[] {
  try {
    return packed.parse(JSON.parse(readFileSync(path.join(assets, 'messages', 'messages.json'), 'utf8')));
  } catch (error) {
    throw new Error(`The messages cannot be read. Build or install EFCP Studio again. (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}
