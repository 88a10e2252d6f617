import assert from 'node:assert/strict';
import { diagnosticsLine } from '../../../src/cli/diagnosticsLine';

describe('cli: diagnostics in words', () => {
  it('names what was measured and nothing else', () => {
    assert.equal(diagnosticsLine({ measured: 2, gradientNorm: 3, updateCosine: 0.41234, updateRatio: 13.94, updateSupport: 0.2237 }),
      'diagnostics, last measured: cos(g, u) 0.412, |u|/|g| 13.9, update support 22.4 %');
    assert.equal(diagnosticsLine({ measured: 1, updateCosine: -0.5, residualNorm: 1, residualRatio: 2.871, effectiveWindow: 13.6, gramCondition: 1.5e7 }),
      'diagnostics, last measured: cos(g, u) \u22120.5, residual |e|/|g| 2.87, effective window 13.6, gram condition 1.50e+7');
  });
});
