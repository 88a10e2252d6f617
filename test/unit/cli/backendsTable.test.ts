import assert from 'node:assert/strict';
import type { BackendRow } from '../../../src/bench/backends/contestant';
import { backendsTable } from '../../../src/cli/backendsTable';

describe('the table of the bench of the backends', () => {
  const row: BackendRow = {
    model: 'mlp', backend: 'wasm', version: '4.22.0', stepMs: 24.06, lossAfter50: 0.5, spreadMs: [20.123, 130.4], timedSteps: 45, device: null, software: false, failure: null,
  };
  const tensorflow: BackendRow = { ...row, backend: 'tensorflow', stepMs: 12.03, spreadMs: [10, 30] };

  it('compares with tensorflow where it was timed, and says that losses agree', () => {
    assert.deepEqual(backendsTable([{ ...row, lossAfter50: 0.50001, stepMs: 6.015 }, tensorflow]).split('\n'), [
      'mlp, 669,706 parameters',
      '  backend     version  step ms  10 % to 90 %  x tensorflow  loss after 50',
      '  wasm        4.22.0      6.01   20.1 to 130          0.50       0.500010',
      '  tensorflow  4.22.0      12.0  10.0 to 30.0          1.00       0.500000',
      '  The losses agree: 0.0020 % apart.',
    ]);
  });

  it('compares with the fastest otherwise, names devices, and says that losses differ', () => {
    const webgpu: BackendRow = { ...tensorflow, backend: 'cpu', device: 'llvmpipe', software: true, lossAfter50: 0.6 };
    const lines = backendsTable([row, webgpu]).split('\n');
    assert.match(lines[1]!, / x cpu /);
    assert.match(lines[2]!, / 2\.00 /);
    assert.match(lines[3]!, / software: llvmpipe$/);
    assert.equal(lines[4], '  THE LOSSES DIFFER: 20 % apart.');
  });

  it('shows a failure in place of figures, and compares nothing with nothing', () => {
    const lines = backendsTable([row, { ...tensorflow, version: null, stepMs: null, spreadMs: null, lossAfter50: null, failure: 'its process ended (SIGSEGV).' }]).split('\n');
    assert.deepEqual([lines.length, lines[1]!.includes(' x ')], [4, false]);
    assert.match(lines[3]!, /^ {2}tensorflow +failed: its process ended \(SIGSEGV\)\.$/);
  });
});
