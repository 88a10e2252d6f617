import assert from 'node:assert/strict';
import { parseAssignment } from '../../../src/cli/runRequest';
import { runFileJsonSchema } from '../../../src/settings/jsonSchema';
import { matches, tensorSettings, type ParameterGroup } from '../../../src/settings/parameterGroups';
import { InputError } from '../../../src/settings/problem';
import { parseRunFile } from '../../../src/settings/runFile';
import { checkRunFile } from '../../../src/settings/validate';

const kernel = { name: 'dense_1/kernel', shape: [3, 4] };
const bias = { name: 'dense_1/bias', shape: [4] };

function messagesOf(groups: unknown): string[] {
  try {
    checkRunFile({ groups });
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    assert.ok(error.problems.every(({ field }) => field === 'groups'));
    return error.problems.map(({ message }) => message);
  }
  return assert.fail('nothing was refused');
}

describe('parameter groups', () => {
  it('match by name, by number of dimensions, by both, or always', () => {
    const table: [group: ParameterGroup, ofKernel: boolean, ofBias: boolean][] = [
      [{ match: 'bias$' }, false, true], [{ match: '^dense' }, true, true], [{ match: '_1/(kernel|gamma)' }, true, false], [{ dimensions: 1 }, false, true],
      [{ match: 'dense', dimensions: 2 }, true, false], [{ match: 'conv', dimensions: 1 }, false, false], [{}, true, true], [{ match: '' }, true, true],
    ];
    for (const [group, ofKernel, ofBias] of table) assert.deepEqual([matches(group, kernel), matches(group, bias)], [ofKernel, ofBias], JSON.stringify(group));
  });

  it('a tensor takes each setting from the first group that matches and gives it', () => {
    const groups = [{ match: 'bias', weightDecay: 0 }, { dimensions: 1, exact: true, weightDecay: 0.5 }, { learningRateScale: 2, exact: false }];
    assert.deepEqual(tensorSettings(groups, bias), { learningRateScale: 2, weightDecay: 0, exact: true });
    assert.deepEqual(tensorSettings(groups, kernel), { learningRateScale: 2, weightDecay: undefined, exact: false });
    assert.deepEqual(tensorSettings([], kernel), { learningRateScale: 1, weightDecay: undefined, exact: false });
  });

  it('an expression that is none is refused by name also where nothing was validated', () => {
    assert.throws(() => tensorSettings([{ match: '(' }], kernel), /groups has the match "\(", which is no regular expression: Unterminated group\. Correct it/);
  });
});

describe('settings: groups in files', () => {
  it('are taken as they are', () => {
    const groups = [{ match: 'bias$|gamma$', weightDecay: 0 }, { dimensions: 1, exact: true }, { match: '^conv', learningRateScale: 0.1 }, {}];
    assert.deepEqual(checkRunFile({ groups }), { groups });
  });

  const refused: [what: string, groups: unknown, message: RegExp][] = [
    ['an invalid expression', [{ exact: true }, { match: 'bias(' }], /^groups\[1\]\.match is "bias\(", which is no regular expression: Unterminated group\. Correct it, for example to "bias\$", or leave it out to match every name\.$/],
    ['an expression that is only valid without the u flag', [{ match: '\\-' }], /^groups\[0\]\.match is "\\\\-", which is no regular expression: Invalid escape\./],
    ['an expression that is no text', [{ match: 3 }], /^groups\[0\]\.match is 3, but must be the text of a regular expression\. Choose such a value, or leave it out\.$/],
    ['a value outside its range', [{ weightDecay: 7 }], /^groups\[0\]\.weightDecay is 7, but must be a number from 0 to 1\./],
    ['a fraction of a dimension', [{ dimensions: 1.5 }], /^groups\[0\]\.dimensions is 1\.5, but must be a whole number from 0 to 8\./],
    ['a text for a switch', [{ exact: 'yes' }], /^groups\[0\]\.exact is "yes", but must be true or false\./],
    ['null for a setting', [{ learningRateScale: null }], /^groups\[0\]\.learningRateScale is null, but must be a number from 0 to 1000\./],
    ['a misspelt setting', [{}, {}, { weightdecay: 0 }], /^"weightdecay" in groups\[2\] is not a setting of a group\. Did you mean "weightDecay"\?$/],
    ['an unknown setting', [{ colour: 0 }], /^"colour" in groups\[0\] is not a setting of a group\. Remove it; the settings of a group are match, dimensions, learningRateScale, weightDecay, exact\.$/],
    ['a group that is none', ['bias$'], /^groups\[0\] is "bias\$", but must be an object with some of match, dimensions, learningRateScale, weightDecay, exact\. Write for example \{"match": "bias\$", "weightDecay": 0\}\.$/],
    ['no list', { match: 'bias$' }, /^groups is \{"match":"bias\$"\}, but must be a list of groups, each an object with some of match \(the text of a regular expression\), /],
  ];
  for (const [what, groups, message] of refused) {
    it(`${what} is refused by name`, () => {
      const messages = messagesOf(groups);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, message);
    });
  }

  it('every problem is named at once, and placed at the list', () => {
    assert.equal(messagesOf([{ match: '(', weightDecay: -1 }, { exakt: true }]).length, 3);
    assert.throws(() => parseRunFile('{\n  "groups": [\n    { "match": "(" }\n  ]\n}'), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.deepEqual([error.problems[0]!.line, error.problems[0]!.column], [2, 3]);
      return true;
    });
  });

  it('can be set on the command line as JSON', () => {
    const [key, value] = parseAssignment('groups=[{"match":"a=b","weightDecay":0}]');
    assert.deepEqual(checkRunFile({ [key]: value }), { groups: [{ match: 'a=b', weightDecay: 0 }] });
    const [, malformed] = parseAssignment('groups=[{match:bias}]');
    assert.match(messagesOf(malformed)[0]!, /^groups is "\[\{match:bias\}\]", but must be a list of groups/);
  });

  it('have a JSON schema that editors can check them by', () => {
    const { properties } = runFileJsonSchema() as { properties: Record<string, { items?: { properties: Record<string, object>; additionalProperties: boolean }; enum?: unknown[] }> };
    const { items } = properties.groups!;
    assert.deepEqual(Object.keys(items!.properties), ['match', 'dimensions', 'learningRateScale', 'weightDecay', 'exact']);
    assert.equal(items!.additionalProperties, false);
    assert.deepEqual(items!.properties.match, { type: 'string', description: 'A regular expression that the tensor\'s name must match; without it, every name does.', format: 'regex' });
    assert.deepEqual(properties.errorFeedbackBits!.enum, [32, 16, 8, 4]);
  });
});
