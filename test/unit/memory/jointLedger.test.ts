import assert from 'node:assert/strict';
import { JointLedger, type Figures } from '../../../src/memory/jointLedger';
import type { Peak } from '../../../src/memory/ledger';
import { noBytes, type Bytes } from '../../../src/protocol/samples';

const bytes = (some: Partial<Bytes>): Bytes => ({ ...noBytes(), ...some });

describe('memory: the ledger of a run that several threads hold', () => {
  /** A ledger that says, one stretch after another, what it is told. */
  function ledgerOf(...stretches: readonly (readonly [Peak['peakPhase'], Partial<Bytes>])[]): Figures {
    const left = [...stretches];
    return {
      live: () => bytes({ parameters: 10 }),
      takePeak: () => {
        const [peakPhase, some] = left.shift()!;
        return { peakPhase, bytesAtPeak: bytes(some), peakBytes: Object.values(some).reduce((sum, part) => sum + part, 0) };
      },
    };
  }

  it('adds what the others hold while they wait, and at their highest only to what was held while they computed', () => {
    const joint = new JointLedger(ledgerOf(['validation', { workspace: 500 }], ['backward', { activations: 100 }], ['update', { workspace: 300 }]), bytes({ data: 7 }));
    joint.begin();
    joint.end(bytes({ data: 7, activations: 350 }), bytes({ data: 7, parameters: 5 }));
    // Validation 500 + 7; backward 100 + 357; update 300 + 12.
    assert.deepEqual(joint.takePeak(), { peakPhase: 'validation', peakBytes: 507, bytesAtPeak: bytes({ workspace: 500, data: 7 }) });
    assert.deepEqual(joint.live(), bytes({ parameters: 15, data: 7 }));
  });

  it('finds the peak among the stretches of a step, and begins anew with the next', () => {
    const joint = new JointLedger(ledgerOf(['update', { data: 1 }], ['backward', { activations: 100 }], ['update', { workspace: 120 }], ['update', { workspace: 3 }]), noBytes());
    joint.begin();
    joint.end(bytes({ activations: 50 }), bytes({ parameters: 10 }));
    assert.deepEqual(joint.takePeak(), { peakPhase: 'backward', peakBytes: 150, bytesAtPeak: bytes({ activations: 150 }) });
    assert.deepEqual(joint.takePeak(), { peakPhase: 'update', peakBytes: 13, bytesAtPeak: bytes({ workspace: 3, parameters: 10 }) });
  });
});
