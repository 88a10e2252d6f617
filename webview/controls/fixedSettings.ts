/** The settings that hold for the whole run: read here, changed by starting a new one. */
import { isLive, isUsedBy, knob, knobNames } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element } from '../dom';
import { formatSetting } from '../format';

export function createFixedSettings(): Component {
  const list = element('dl');
  return {
    element: element('details', { class: 'fixed' }, element('summary', {}, 'Fixed for this run'), list),
    render: ({ state: { settings } }) => {
      if (list.childElementCount > 0) return;
      const names = knobNames.filter(name => !isLive(name) && isUsedBy(name, settings.optimizer));
      list.append(...names.map(name => element('div', { title: knob(name).help },
        element('dt', {}, knob(name).label), element('dd', {}, formatSetting(name, settings[name])))));
    },
  };
}
