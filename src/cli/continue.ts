/** `efcp continue`: what a language model that was trained makes of the beginning of a text. */
import { continueText } from '../decoding/continueText';
import { prefixLogits } from '../decoding/prefixLogits';
import { Inference } from '../gradients/inference';
import { InputError } from '../settings/problem';
import { parseCommandLine, type Command } from './command';
import { countOf } from './optionValues';
import { numberOf, trainedHelp, trainedOptions, withTrained } from './trainedRun';

export const continueCommand: Command = {
  summary: 'let a language model that was trained go on with a text',
  help: `efcp continue RUNDIR [TEXT …] [--length n] [--temperature x] [--seed n] [--average n] [--backend NAME]

Goes on with the text, or begins one, up to the end of a line, and writes it.

  --length n             tokens to add at most (default 100)
  --temperature x        0: always the most probable token (default); 1: as often as it is probable; between: less at random
  --seed n               what is drawn at random follows from it (default 1)
${trainedHelp}
  --help                 shows this`,

  run(args) {
    const { values: { length, temperature, seed, average, backend }, positionals: [directory, ...words] } = parseCommandLine(args, { length: { type: 'string' }, temperature: { type: 'string' }, seed: { type: 'string' }, ...trainedOptions });
    const asked = {
      length: length === undefined ? 100 : countOf('length', length, 100_000),
      temperature: temperature === undefined ? 0 : numberOf('temperature', temperature, 0, 10),
      seed: seed === undefined ? 1 : countOf('seed', seed, 2 ** 31 - 1),
    };
    return withTrained(directory, { average, backend }, async ({ settings, dataset, ledger, model, weights }, stop) => {
      const { source } = dataset.text ?? {};
      if (settings.model !== 'language-model' || source === undefined) throw new InputError([{ field: 'model', message: `The run trained the model "${settings.model}" on "${settings.data}", which continues no text; it must be "language-model". Name a run of that model.` }]);
      const started = new Inference(ledger, model, weights).start([]);
      const prompt = source.encode(words.join(' '));
      const added = await continueText(prefixLogits(started), prompt, { ...asked, context: settings.maxTokens }, stop);
      process.stdout.write(`${source.decode([...prompt, ...added])}\n`);
    });
  },
};
