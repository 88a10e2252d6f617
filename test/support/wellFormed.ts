import assert from 'node:assert/strict';

/** Every tag is closed by its own, every ampersand begins an entity. */
export function assertWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, closing, name, empty] of xml.matchAll(/<(\/?)([\w:]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (closing === '/') assert.equal(open.pop(), name);
    else if (empty === '') open.push(name!);
  }
  assert.deepEqual(open, []);
  assert.equal((xml.match(/</g) ?? []).length, [...xml.matchAll(/<\/?[\w:]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g)].length, 'every < begins a tag');
  assert.doesNotMatch(xml, /&(?!(amp|lt|gt|quot);)/);
}
