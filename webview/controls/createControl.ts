/** The control for each kind of knob that can be turned while a run goes on. */
import type { ChoiceKnob, NamesKnob, NumberKnob, SwitchKnob } from '../../src/settings/knob';
import type { LiveKnobName } from '../../src/settings/knobs';
import { ChoiceControl } from './choiceControl';
import type { KnobControl, KnobEvents } from './knobControl';
import { NamesControl } from './namesControl';
import { SliderControl } from './sliderControl';
import { SwitchControl } from './switchControl';

export type TurnableKnob = NumberKnob | ChoiceKnob | SwitchKnob | NamesKnob;

export function createControl(name: LiveKnobName, entry: TurnableKnob, events: KnobEvents): KnobControl {
  switch (entry.kind) {
    case 'number': return new SliderControl(name, entry, events);
    case 'choice': return new ChoiceControl(name, entry, events);
    case 'switch': return new SwitchControl(events);
    case 'names': return new NamesControl(entry, events);
  }
}
