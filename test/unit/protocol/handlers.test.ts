import assert from 'node:assert/strict';
import { dispatch, type Handlers } from '../../../src/protocol/handlers';

type Message = { readonly type: 'go'; readonly speed: number } | { readonly type: 'halt' };

describe('protocol: handlers', () => {
  it('hands each message to its own function', () => {
    const heard: unknown[] = [];
    const handlers: Handlers<Message> = { go: ({ speed }) => heard.push(speed), halt: () => heard.push('halt') };
    dispatch<Message>(handlers, { type: 'go', speed: 3 });
    dispatch<Message>(handlers, { type: 'halt' });
    assert.deepEqual(heard, [3, 'halt']);
  });

  it('does not compile while a message is unhandled, or a handler has no message', () => {
    // @ts-expect-error: `halt` is unhandled; if this compiled, the type check would fail here.
    const missing: Handlers<Message> = { go: () => undefined };
    // @ts-expect-error: there is no message `fly`.
    const idle: Handlers<Message> = { go: () => undefined, halt: () => undefined, fly: () => undefined };
    assert.deepEqual([Object.keys(missing), Object.keys(idle)], [['go'], ['go', 'halt', 'fly']]);
  });
});
