/** Vertical marks on every chart where a run raised an alarm, labelled at the end away from the labels of changes; and the line of a limit. */
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { AlarmEvent } from '../../src/protocol/runEvents';
import { alarmWords } from '../header/alarmNotice';
import type { Palette } from '../theme';
import type { ChartSpec } from './chartSpec';

/** Marks at most: those of a run that noted hundreds would hide its curve. */
const most = 9;

export function alarmMarks(alarms: readonly AlarmEvent[], { markersAt, numbersOnly }: Pick<ChartSpec, 'markersAt' | 'numbersOnly'>, palette: Palette): AnnotationOptions[] {
  return alarms.slice(-most).map(({ step, kind }): AnnotationOptions<'line'> => ({
    type: 'line', scaleID: 'x', value: step, borderColor: palette.alarm, borderWidth: 2,
    label: {
      ...labelIn(palette), content: numbersOnly === true ? '!' : alarmWords[kind], position: markersAt === 'top' ? 'end' : 'start', borderColor: palette.alarm,
    },
  }));
}

/** `named`: what the limit is. */
export function limitLine(value: number, named: string, palette: Palette): AnnotationOptions {
  return {
    type: 'line', scaleID: 'y', value, borderColor: palette.alarm, borderWidth: 1, borderDash: [6, 4],
    label: { ...labelIn(palette), content: named, position: 'start', borderColor: palette.control },
  };
}

function labelIn(palette: Palette) {
  return {
    drawTime: 'afterDraw' as const, display: true, font: { size: 11, family: palette.fontFamily, weight: 'normal' as const }, color: palette.text, backgroundColor: palette.background,
    borderWidth: 1, borderRadius: 2, padding: { x: 4, y: 2 },
  };
}
