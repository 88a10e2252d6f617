/** `efcp evaluate`: how well a run that was trained does on what it was not trained on. */
import { tokenizations } from '../evaluation/tokenization';
import { formatCount } from '../protocol/format';
import { isTranslator } from '../settings/dataFit';
import { judgeTranslations, type JudgedTranslations } from '../trainer/trained/translations';
import { validationFigures } from '../trainer/trained/validationFigures';
import { beamHelp, beamOptions, beamSettings } from './beamOptions';
import { parseCommandLine, type Command } from './command';
import { countOf, namesOf } from './optionValues';
import { progressLine } from './progressLine';
import { formatTable } from './table';
import { trainedHelp, trainedOptions, withTrained } from './trainedRun';

export const evaluateCommand: Command = {
  summary: 'say how well a run that was trained does on the examples held out',
  help: `efcp evaluate RUNDIR [--average n] [--beam n] [--length-penalty x] [--tokenization none|13a] [--limit n] [--test] [--backend NAME] [--json]

Loss and accuracy on the examples held out, with the parameters of the run's newest checkpoint; of a translator BLEU besides, of a
classifier of text the figures by which its task is judged.

${trainedHelp}
${beamHelp}
  --tokenization NAME    how BLEU counts words: 13a (default), of plain lines, as sacrebleu does; none, of words and marks apart, as papers do
  --limit n              translates the first n lines held out only
  --test                 translates the test set that the data bring, instead of the lines held out
  --json                 writes one line of JSON
  --help                 shows this`,

  run(args) {
    const { values, positionals: [directory] } = parseCommandLine(args, {
      tokenization: { type: 'string' }, limit: { type: 'string' }, test: { type: 'boolean' }, json: { type: 'boolean' }, ...beamOptions, ...trainedOptions,
    });
    const { average, backend, json } = values;
    const [tokenization = '13a'] = namesOf('tokenization', values.tokenization === undefined ? undefined : [values.tokenization], tokenizations) ?? [];
    const settings = { ...beamSettings(values), tokenization, test: values.test ?? false, ...(values.limit === undefined ? {} : { limit: countOf('limit', values.limit, 10_000_000) }) };
    return withTrained(directory, { average, backend }, async (trained, stop) => {
      const progress = progressLine(process.stderr);
      const { steps, split } = trained;
      const figures = await validationFigures(trained, { stop, done: count => { progress.show(`${count} of ${split.validation.length} examples`); } });
      const translated = isTranslator(trained.settings.model) ? await judgeTranslations(trained, settings, { stop, done: count => { progress.show(`${count} lines translated`); } }) : undefined;
      progress.clear();
      const { beam, lengthPenalty } = settings;
      if (json) process.stdout.write(`${JSON.stringify({ type: 'evaluation', steps, ...figures, ...(translated === undefined ? {} : { translation: { ...translated, beam, lengthPenalty, tokenization } }) })}\n`);
      else {
        const { loss, accuracy, metrics = {}, examples } = figures;
        process.stdout.write(`${steps.length === 1 ? `Step ${steps[0] ?? 0}` : `Mean of ${steps.length} checkpoints, steps ${steps.toReversed().join(', ')}`}, ${formatCount(examples)} examples held out\n${formatTable([
          ['loss', loss.toFixed(4)], ...(accuracy === undefined ? [] : [['accuracy', percent(accuracy)]]),
          ...Object.entries(metrics).filter(([name]) => name !== 'accuracy').map(([name, value]) => [name, value.toFixed(4)]),
          ...(translated === undefined ? [] : [['BLEU', bleuInWords(translated, `${tokenization}, beam ${beam}, length penalty ${lengthPenalty}`)]]),
        ])}\n`);
      }
    });
  },
};

function bleuInWords({ bleu: { score, precisions, brevityPenalty, words, referenceWords }, lines }: JudgedTranslations, how: string): string {
  return `${score.toFixed(2)} (${how}; ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}; precisions ${precisions.map(precision => precision.toFixed(1)).join(' / ')}; brevity penalty ${brevityPenalty.toFixed(3)}, ${formatCount(words)} words for ${formatCount(referenceWords)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
