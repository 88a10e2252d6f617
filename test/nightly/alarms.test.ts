/** Every preset for a while: no healthy run is told to diverge, and one whose learning rate is far too high is, soon after it does. */
import assert from 'node:assert/strict';
import type { Settings } from '../../src/settings/knobs';
import { presetNames, type PresetName } from '../../src/settings/presets';
import { resolveSettings } from '../../src/settings/validate';
import { assemble } from '../../src/trainer/assemble';
import { Mailbox } from '../../src/trainer/mailbox';
import { train, type TrainingEvent } from '../../src/trainer/train';
import { assets } from '../support/assets';
import { ofType } from '../support/collectRun';

/** Beyond so many steps nothing is expected to begin; beyond so much time of the processors a preset has had its share. */
const [mostSteps, mostMs] = [300, 12_000];
/** Of runs that are made to diverge: the step after which their rate is far too high. */
const changedAt = 60;
/** The rule judges medians of 21 losses: fewer steps would show nothing. */
const leastSteps = 40;

/** What has to be fetched, or would take minutes a step here, in small; optimizer, rates and schedules as the preset has them. */
const tinyTranslator: Partial<Settings> = { model: 'dynamicconv-tiny', data: 'messages', merges: 500, maxTokens: 40, batchTokens: 400 };
const builtInLines: Partial<Settings> = { data: 'message-kinds', merges: 1000, maxTokens: 48, batchSize: 16 };
const inSmall: Partial<Record<PresetName, Partial<Settings>>> = {
  'digits-low-memory': { batchSize: 32 },
  'wrn-28-2-low-memory': { data: 'digits', batchSize: 5 },
  'messages-translator': { merges: 500, maxTokens: 40, batchTokens: 400 },
  'iwslt14-dynamicconv': tinyTranslator,
  'iwslt14-low-memory': tinyTranslator,
  'message-kinds-bert': builtInLines,
  'bert-adamw': builtInLines, 'bert-sparse-mfac': builtInLines, 'bert-low-rank-mfac': builtInLines, 'bert-micro-adam': builtInLines,
  'text-language-model': { merges: 500, batchTokens: 512 },
};

function settingsOf(preset: PresetName): Settings {
  return { ...resolveSettings({ preset, ...inSmall[preset], backend: 'wasm', validationFraction: 0.01, epochs: 50 }), onAlarm: 'note', snapshotAtPeak: false, checkpointEvery: 0 };
}

async function follow(settings: Settings, isEnough: (step: number, ms: number) => boolean, observe: (event: TrainingEvent, mailbox: Mailbox) => void = () => undefined): Promise<TrainingEvent[]> {
  const run = await assemble(settings, { assets });
  const mailbox = new Mailbox();
  const begun = process.cpuUsage();
  const events: TrainingEvent[] = [];
  for await (const event of train(settings, run, mailbox)) {
    events.push(event);
    observe(event, mailbox);
    if (event.type !== 'sample') continue;
    const { user, system } = process.cpuUsage(begun);
    if (isEnough(event.step, (user + system) / 1000)) mailbox.post({ type: 'stop' });
  }
  return events;
}

describe('alarms of divergence, preset by preset', function () {
  this.timeout(1_200_000);

  for (const preset of presetNames) {
    it(`${preset} raises none`, async () => {
      const events = await follow(settingsOf(preset), (step, ms) => step >= mostSteps || (ms >= mostMs && step >= leastSteps));
      const losses = ofType(events, 'sample').map(({ loss }) => loss);
      console.log(`      ${losses.length} steps, the loss from ${losses[0]?.toFixed(3)} to ${losses.at(-1)?.toFixed(3)}`);
      assert.ok(losses.length >= leastSteps, `${losses.length} steps: ${ofType(events, 'finished')[0]?.message ?? ''}`);
      assert.deepEqual(ofType(events, 'alarm').map(({ step, message }) => `step ${step}: ${message}`), []);
    });
  }

  for (const preset of ['digits-mlp', 'digits-convnet', 'message-kinds-bert'] as const) {
    it(`${preset} is told to diverge within a window of losses, once its rate is a hundred times as high`, async () => {
      const settings = settingsOf(preset);
      let told: number | undefined;
      const events = await follow(settings, step => told !== undefined || step >= changedAt + 60, (event, mailbox) => {
        if (event.type === 'sample' && event.step === changedAt) mailbox.post({ type: 'change', revision: 1, settings: { learningRate: 100 * settings.learningRate } });
        if (event.type === 'alarm') told ??= event.step;
      });
      const samples = ofType(events, 'sample');
      const before = Math.max(...samples.filter(({ step }) => step <= changedAt).map(({ loss }) => loss));
      const beyond = samples.find(({ step, loss }) => step > changedAt && loss > before)?.step;
      console.log(`      above all losses before from step ${String(beyond)} on, told at ${String(told)}`);
      assert.ok(beyond !== undefined && told !== undefined && told >= beyond && told <= beyond + 21, `${String(beyond)}, ${String(told)}`);
    });
  }
});
