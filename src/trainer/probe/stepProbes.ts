/**
 * Measured times of the parts of a step, for as many ways to make it as there is time for. Kept, so that a later question about the same
 * model costs only what is new in it. Of n slices with e examples in all, whose nodes are lent parameters l times:
 *
 *   step = share(way) (n fixedMs + e msAnExample) + n (l lendMs + collectMs) + updateMs
 */
import type { Settings } from '../../settings/knobs';
import type { SliceShape } from '../estimate/batchShapes';
import { measurePassTime, type PassTime } from '../estimate/passTime';
import type { UpdateTime } from '../estimate/updateTime';
import type { Subject } from '../estimate/recordPasses';
import { remembered } from '../estimate/weighRun';
import { clockOf } from './clock';
import { denseOf } from './denseOf';
import { probePasses, wayKey, type PassWay } from './passProbe';
import { StoresProbe, type StoreTimes } from './storesProbe';
import type { ProbeControl } from './timedInTurns';

export interface PlainTime {
  readonly fixedMs: number;
  /** Of an example of mean length. */
  readonly msAnExample: number;
}

export interface StepTimes {
  /** Of passes in float32 that recompute nothing. */
  readonly plain: PlainTime;
  /** Of the time of these; undefined where it was not measured. */
  readonly share: (way: PassWay) => number | undefined;
  readonly store: (settings: Settings) => StoreTimes | undefined;
}

export interface Wanted {
  readonly ways: readonly PassWay[];
  /** Settings that store and update in different ways. Of both lists the first are measured first. */
  readonly stores: readonly Settings[];
}

/** What passes are measured on. */
export interface ProbedSlice {
  readonly slice: SliceShape;
  /** In the mean. */
  readonly numbersAnExample: number;
}

export class StepProbes {
  private readonly rough = new Map<string, Promise<PassTime>>();
  private readonly plain = new Map<string, PassTime>();
  private readonly shares = new Map<string, number>();
  private readonly stores: StoresProbe;

  constructor(private readonly subject: Subject, updateTime: (settings: Settings) => Promise<UpdateTime>) {
    this.stores = new StoresProbe(updateTime);
  }

  async measure(given: Settings, { ways, stores }: Wanted, { slice, numbersAnExample }: ProbedSlice, control: ProbeControl): Promise<StepTimes> {
    const place = JSON.stringify([slice.inputs, slice.labels]);
    const keyOf = (way: PassWay) => `${place} ${wayKey(way)}`;
    const rough = await remembered(this.rough, place, () => measurePassTime(this.subject, denseOf(given), slice, clockOf(this.subject.backend.name)));
    const missing = ways.filter(way => !this.shares.has(keyOf(way)));
    if (missing.length > 0) {
      const { plain, shares } = await probePasses(this.subject, denseOf(given), slice, rough, missing, control);
      if (!this.plain.has(place)) this.plain.set(place, plain);
      for (const [key, share] of shares) this.shares.set(`${place} ${key}`, share);
    }
    await this.stores.measure(given, stores, control);
    const { fixedMs, msANumber } = this.plain.get(place) ?? rough;
    return { plain: { fixedMs, msAnExample: numbersAnExample * msANumber }, share: way => this.shares.get(keyOf(way)), store: settings => this.stores.timesOf(settings, given) };
  }
}
