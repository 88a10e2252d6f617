import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { categories, type Category } from '../../../src/protocol/samples';
import { distance, eyes, type Eye } from '../../support/panelColors';

const themes = {
  dark: 'body', light: 'body.vscode-light', 'high contrast': 'body.vscode-high-contrast', 'high contrast light': 'body.vscode-high-contrast-light',
};
const sheet = readFileSync('webview/css/roles.css', 'utf8');

/** Least distance in OKLab: about 0.02 is just noticed side by side; shares of a stack must differ at a glance. */
const neighbours = 0.12;
const anyTwo = 0.05;

function role(selector: string, name: string): string {
  const rule = new RegExp(`^${selector.replaceAll('.', '\\.')} \\{([^}]*)\\}`, 'm').exec(sheet);
  const color = new RegExp(`--efcp-${name}: (#[0-9a-f]{6});`).exec(rule?.[1] ?? '')?.[1];
  assert.ok(color, `${selector} gives no plain color for ${name}`);
  return color;
}

/** All pairs of categories, with what separates them in the stack. */
function pairs(): { a: Category; b: Category; apart: number }[] {
  return categories.flatMap((a, index) => categories.slice(index + 1).map((b, offset) => ({ a, b, apart: offset + 1 })));
}

describe('webview/css: the colors of categories', () => {
  for (const [theme, selector] of Object.entries(themes)) {
    for (const eye of Object.keys(eyes) as Eye[]) {
      it(`${theme}: neighbours in the stack differ at a glance for ${eye} eyes, any two visibly`, () => {
        for (const { a, b, apart } of pairs()) {
          const found = distance(role(selector, a), role(selector, b), eye);
          assert.ok(found >= (apart === 1 ? neighbours : anyTwo), `${a} and ${b}: ${found.toFixed(3)}`);
        }
      });
    }

    it(`${theme}: train and validation differ for every eye`, () => {
      for (const eye of Object.keys(eyes) as Eye[]) {
        const found = distance(role(selector, 'train'), role(selector, 'validation'), eye);
        assert.ok(found >= neighbours, `${eye}: ${found.toFixed(3)}`);
      }
    });
  }
});
