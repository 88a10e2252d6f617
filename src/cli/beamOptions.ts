/** How translations are searched for, as command lines say it. */
import { usualTranslation, type TranslationSettings } from '../decoding/translate';
import { countOf } from './optionValues';
import { numberOf } from './trainedRun';

export const widestBeam = 100;

export const beamOptions = { 'beam': { type: 'string' }, 'length-penalty': { type: 'string' } } as const;

export const beamHelp = `  --beam n               hypotheses that are kept of every line (default ${usualTranslation.beam}); 1: greedy
  --length-penalty x     what the length is raised to that scores are divided by (default ${usualTranslation.lengthPenalty}); more: longer lines`;

export function beamSettings({ beam, 'length-penalty': penalty }: { readonly beam?: string | undefined; readonly 'length-penalty'?: string | undefined }): TranslationSettings {
  return {
    ...usualTranslation,
    ...(beam === undefined ? {} : { beam: countOf('beam', beam, widestBeam) }),
    ...(penalty === undefined ? {} : { lengthPenalty: numberOf('length-penalty', penalty, -10, 10) }),
  };
}
