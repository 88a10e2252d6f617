import { afterEach, beforeEach } from 'mocha';

/**
 * To be called in a suite whose tests build on one another. The first failure gets lines of evidence, for its error and the
 * console; when `isHopeless` says so after a failure, the tests that follow are skipped instead of waiting for what cannot come.
 */
export function explainFirstFailure(evidence: () => Promise<string[]>, isHopeless: (title: string) => boolean): void {
  let explained = false;
  let hopeless = false;
  beforeEach(function () {
    if (hopeless) this.skip();
  });
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state !== 'failed') return;
    hopeless ||= isHopeless(currentTest.title);
    if (explained) return;
    explained = true;
    const lines = await evidence();
    for (const line of lines) console.log(`      ${line}`);
    if (currentTest.err !== undefined) Object.assign(currentTest.err, { evidence: lines });
  });
}
