import assert from 'node:assert/strict';
import { parseInstallMessage, placeInWords } from '../../../src/runtime/installMessages';

describe('runtime: messages of an installation', () => {
  it('reads what is one, and passes over the rest', () => {
    assert.deepEqual(parseInstallMessage('{"type":"cancelled"}'), { type: 'cancelled' });
    for (const line of ['', 'npm warn', '{}', '{"type":"step"}', '{"type":"finished","alreadyThere":1}']) assert.equal(parseInstallMessage(line), undefined, line);
  });

  it('says what a runtime computes on, and tells a GPU that is not used from none', () => {
    assert.equal(placeInWords('cpu', '/r', { usesGpu: false }), 'on the processor');
    assert.equal(placeInWords('gpu', '/r', { usesGpu: true, device: 'NVIDIA L4' }), 'on NVIDIA L4');
    assert.match(placeInWords('gpu', '/r', { usesGpu: false }), /no GPU here, or no driver/);
    assert.match(placeInWords('gpu', '/r', { usesGpu: false, unusedGpus: ['NVIDIA L4'] }), /although there is NVIDIA L4: .*runtime check \/r says why/);
  });
});
