/** The settings that hold for the whole run: read here, changed by starting a new one. */
import { isRead } from '../../src/settings/isRead';
import { isLive, knob, knobNames, type KnobName, type Settings } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element } from '../dom';
import { formatGroups, formatSetting } from '../format';

export const fixedCaption = 'Fixed for this run';

/** Those that `belongs` names, folded away. */
export function createFixedSettings(belongs: (name: KnobName) => boolean): Component {
  const list = createFixedList(belongs);
  return {
    element: element('details', { class: 'fold fixed' }, element('summary', {}, fixedCaption), list.element),
    render: view => list.render(view),
  };
}

export function createFixedList(belongs: (name: KnobName) => boolean, caption?: string): Component {
  const list = element('dl');
  let shown: string | undefined;
  return {
    element: element('div', { class: 'fixed-list' }, ...(caption === undefined ? [] : [element('p', { class: 'caption' }, caption)]), list),
    render: ({ state: { settings } }) => {
      const names = knobNames.filter(name => belongs(name) && !isLive(name) && isRead(name, settings));
      const values = JSON.stringify(names.map(name => [name, settings[name]]));
      if (values === shown) return;
      // A run that went on from a checkpoint may have more epochs than before.
      shown = values;
      list.replaceChildren(...names.map(name => element('div', { title: knob(name).help },
        element('dt', {}, knob(name).label), ...wordsOf(name, settings).map(words => element('dd', {}, words)))));
    },
  };
}

/** One line, or one for each parameter group. */
function wordsOf(name: KnobName, settings: Settings): readonly string[] {
  return name === 'groups' ? formatGroups(settings.groups) : [formatSetting(name, settings[name])];
}
