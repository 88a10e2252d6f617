import assert from 'node:assert/strict';
import path from 'node:path';
import { chooseNode, NodePathError, probeNode, type Probe } from '../../../src/host/nodePath';

const editor = { path: '/editor', version: 'v22.1.0' };

/** Programs of a made-up machine, by what one types to run them. */
function machine(programs: Readonly<Record<string, string>>): Probe {
  return program => {
    const version = programs[program];
    return version === undefined ? Promise.reject(new Error('there is no such file')) : Promise.resolve({ path: `/bin/${path.basename(program)}`, version });
  };
}

describe('host: which Node runs the trainer', () => {
  const choices = [
    { it: 'the setting comes first', setting: ' /opt/node ', programs: { '/opt/node': 'v24.0.0', node: 'v20.0.0' }, path: '/bin/node', version: 'v24.0.0', reason: /efcp\.nodePath/ },
    { it: 'then the PATH', setting: '', programs: { node: 'v20.0.0' }, path: '/bin/node', version: 'v20.0.0', reason: /PATH/ },
    { it: 'an old one on the PATH is passed over', setting: '', programs: { node: 'v18.20.1' }, path: '/editor', version: 'v22.1.0', reason: /v18\.20\.1, older than 20/ },
    { it: 'without one, the editor itself', setting: '', programs: {}, path: '/editor', version: 'v22.1.0', reason: /no node on the PATH/ },
  ];
  for (const { it: law, setting, programs, reason, ...expected } of choices) {
    it(law, async () => {
      const choice = await chooseNode(setting, editor, machine(programs));
      assert.deepEqual({ path: choice.path, version: choice.version }, expected);
      assert.match(choice.reason, reason);
      assert.deepEqual(choice.environment, choice.path === editor.path ? { ELECTRON_RUN_AS_NODE: '1' } : {});
    });
  }

  const refusals = [
    { it: 'a missing program', setting: '/nowhere/node', says: ['"/nowhere/node"', 'no such file'] },
    { it: 'a Node that is too old', setting: '/opt/old', says: ['"/opt/old"', 'v16.3.0'] },
  ];
  for (const { it: what, setting, says } of refusals) {
    it(`refuses ${what} in the setting with field, value, range and remedy`, async () => {
      await assert.rejects(chooseNode(setting, editor, machine({ '/opt/old': 'v16.3.0', node: 'v24.0.0' })), (error: unknown) => {
        assert.ok(error instanceof NodePathError);
        for (const part of ['efcp.nodePath', ...says, '20 or later', 'Correct the setting, or empty it']) assert.ok(error.message.includes(part), `${part} is missing in: ${error.message}`);
        return true;
      });
    });
  }

  it('asks a real program', async () => {
    assert.deepEqual(await probeNode(process.execPath), { path: process.execPath, version: process.version });
    await assert.rejects(probeNode('/nowhere/node'), /no such file/);
    await assert.rejects(probeNode(path.resolve('package.json')), /may not be executed|did not run/);
  });
});
