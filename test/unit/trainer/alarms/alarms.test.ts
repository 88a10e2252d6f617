/** What is done about an alarm, and how long it stands. */
import assert from 'node:assert/strict';
import { noBytes } from '../../../../src/protocol/samples';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { Alarms } from '../../../../src/trainer/alarms/alarms';
import type { Finding } from '../../../../src/trainer/alarms/finding';
import type { Assembly } from '../../../../src/trainer/assemble';

const settings: Settings = defaultsFor('sgd');
const batch = { examples: 4, make: () => assert.fail('no batch is made') };
const within = { peakBytes: 1, peakPhase: 'forward', bytesAtPeak: noBytes() } as const;
const good = { step: 5, checkpoint: 'step-00000005.safetensors' };
/** Nothing of a run is asked for before memory is short or a number not finite. */
const run = {} as Assembly;

describe('alarms: what is done', () => {
  const finding = (kind: Finding['kind']): Finding => ({ kind, message: 'It happened.', isGood: true, canGoOn: true });
  const rows: readonly (readonly [isAnswered: boolean, onAlarm: Settings['onAlarm'], kind: Finding['kind'], action: string])[] = [
    [true, 'pause', 'budget', 'paused'], [true, 'pause', 'divergence', 'paused'], [true, 'stop', 'divergence', 'stopped'], [true, 'note', 'divergence', 'noted'],
    [false, 'pause', 'budget', 'stopped'], [false, 'pause', 'nonFinite', 'stopped'], [false, 'pause', 'outOfMemory', 'stopped'],
    [false, 'pause', 'divergence', 'noted'], [false, 'stop', 'divergence', 'stopped'], [false, 'note', 'budget', 'noted'], [false, 'note', 'outOfMemory', 'stopped'],
  ];
  for (const [isAnswered, onAlarm, kind, action] of rows) {
    it(`under ${onAlarm}, ${isAnswered ? 'where somebody can answer' : 'unattended'}, ${kind} is ${action}`, () => {
      assert.equal(new Alarms(run, isAnswered).actionOn(finding(kind), { ...settings, onAlarm }), action);
    });
  }

  it('a run that cannot go on is stopped, whatever the settings say', () => {
    assert.equal(new Alarms(run, true).actionOn({ ...finding('divergence'), canGoOn: false }, { ...settings, onAlarm: 'note' }), 'stopped');
  });
});

describe('alarms: a divergence that a run goes on from', () => {
  let alarms: Alarms;
  /** The steps at which it is told of. */
  function follow(losses: readonly number[]): number[] {
    return losses.flatMap((loss, at) => {
      const [found] = alarms.afterStep(loss, within, settings, batch);
      if (found !== undefined) alarms.told(found, alarms.actionOn(found, settings), at, good);
      return found === undefined ? [] : [at];
    });
  }
  const level = (count: number, loss: number) => Array.from({ length: count }, (_, at) => loss + 0.01 * (at % 3));
  beforeEach(() => { alarms = new Alarms(run, false); });

  it('is told once while it lasts, and keeps the checkpoint from before, also over one that is written meanwhile', () => {
    assert.deepEqual(follow([...level(30, 2), ...level(30, 1), ...level(80, 9)]).length, 1);
    assert.equal(alarms.isDoubtful, false, 'its checkpoints take the place of none that is good');
    assert.equal(alarms.save().diverged?.checkpoint, good.checkpoint);
    alarms = new Alarms(run, false, alarms.save());
    assert.deepEqual(follow(level(40, 10)), []);
    assert.equal(alarms.save().diverged?.checkpoint, good.checkpoint);
  });

  it('is over when the loss has come down, and told again when it rises again', () => {
    follow([...level(30, 2), ...level(30, 1), ...level(30, 9), ...level(30, 1.2)]);
    assert.equal(alarms.save().diverged, undefined);
    assert.equal(follow(level(30, 9)).length, 1);
  });

  it('leaves checkpoints alone from the first losses beyond until it is told', () => {
    follow([...level(30, 2), ...level(30, 1), ...level(4, 9)]);
    assert.ok(alarms.isDoubtful);
  });
});
