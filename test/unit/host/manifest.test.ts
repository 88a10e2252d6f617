import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds } from '../../../src/host/commandIds';
import { panelType } from '../../../src/host/panelType';
import { runFileEnding } from '../../../src/host/runPlan';
import { runsFolder } from '../../../src/protocol/runFiles';

interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string }; readonly completionEvents: readonly string[] }[] }[];
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { contributes } = manifest;
const host = readdirSync('src/host').map(file => readFileSync(path.join('src/host', file), 'utf8')).join('\n');
const unique = (matches: Iterable<RegExpMatchArray>) => [...new Set([...matches].map(match => match[1]!))].sort();

describe('host: the manifest agrees with the code', () => {
  it('contributes the commands that are registered', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), commandIds.toSorted());
  });

  it('names commands alike', () => {
    for (const { category, title } of contributes.commands) {
      assert.equal(category, 'EFCP');
      assert.match(title, /^([A-Z]\w*)( [A-Z]\w*)*…?$/);
    }
  });

  it('uses only commands that there are in menus and walkthroughs', () => {
    const steps = contributes.walkthroughs.flatMap(walkthrough => walkthrough.steps);
    const used = [
      ...Object.values(contributes.menus).flat().map(({ command }) => command),
      ...steps.flatMap(step => unique(step.description.matchAll(/command:([\w.]+)/g))),
      ...steps.flatMap(step => step.completionEvents.map(event => event.replace('onCommand:', ''))),
    ];
    assert.deepEqual(used.filter(command => !(commandIds as readonly string[]).includes(command)), []);
  });

  it('asks only for context keys that are set', () => {
    const set = unique(host.matchAll(/set\('(efcp\.\w+)'/g));
    const asked = unique(contributes.commands.flatMap(({ enablement }) => [...(enablement ?? '').matchAll(/(efcp\.\w+)/g)]));
    assert.deepEqual(asked, set);
  });

  it('contributes the settings that are read', () => {
    const read = unique(host.matchAll(/getConfiguration\('efcp'\)\.get<\w+>\('([\w.]+)'/g));
    assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), read.map(name => `efcp.${name}`).sort());
  });

  it('wakes for panels, run files and recorded runs', () => {
    assert.deepEqual(manifest.activationEvents, [`onWebviewPanel:${panelType}`, `workspaceContains:**/*${runFileEnding}`, `workspaceContains:${runsFolder}`]);
    assert.deepEqual(contributes.jsonValidation.map(({ fileMatch }) => fileMatch), [`*${runFileEnding}`]);
  });

  it('points to files that there are', () => {
    const files = [manifest.icon, ...contributes.jsonValidation.map(({ url }) => url), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(step => step.media.markdown))];
    assert.deepEqual(files.filter(file => !existsSync(file)), []);
  });
});
