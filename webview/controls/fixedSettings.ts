/** The settings that hold for the whole run: read here, changed by starting a new one. */
import { isLive, isUsedBy, knob, knobNames, type KnobName, type Settings } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element } from '../dom';
import { formatGroups, formatSetting } from '../format';

export function createFixedSettings(): Component {
  const list = element('dl');
  let shown: string | undefined;
  return {
    element: element('details', { class: 'fold fixed' }, element('summary', {}, 'Fixed for this run'), list),
    render: ({ state: { settings } }) => {
      const names = knobNames.filter(name => !isLive(name) && isUsedBy(name, settings.optimizer));
      const values = JSON.stringify(names.map(name => settings[name]));
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
