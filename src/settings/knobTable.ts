/**
 * The one table of knobs, in sections. Types, validation, the JSON schema of `*.efcp.json`, the CLI's `--set` keys and the
 * panel's controls are all derived from it; nothing else states a default or a range.
 */
import type { Knob } from './knob';
import { memoryKnobs } from './memoryKnobs';
import { optimizerKnobs } from './optimizerKnobs';
import { runKnobs } from './runKnobs';
import { textKnobs } from './textKnobs';
import { watchKnobs } from './watchKnobs';

export const sections = { run: runKnobs, optimizer: optimizerKnobs, memory: memoryKnobs, text: textKnobs, watch: watchKnobs } as const satisfies Record<string, Record<string, Knob>>;
export type Section = keyof typeof sections;

export const knobs = { ...runKnobs, ...optimizerKnobs, ...memoryKnobs, ...textKnobs, ...watchKnobs } as const satisfies Record<string, Knob>;
