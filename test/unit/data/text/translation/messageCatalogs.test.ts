import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { catalogFolders, catalogsIn } from '../../../../../src/data/text/translation/catalogFolders';
import { messageCatalogs } from '../../../../../src/data/text/translation/messageCatalogs';
import { messageCorpus } from '../../../../../src/data/text/translation/messageCorpus';
import { readMoFile } from '../../../../../src/data/text/translation/moFile';
import { moFile } from '../../../../support/moFile';
import { withFiles } from '../../../../support/textFiles';

const header = (charset: string) => ['', `Project-Id-Version: made up\nContent-Type: text/plain; charset=${charset}\nPlural-Forms: nplurals=2; plural=(n != 1);\n`] as const;
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('data: message catalogs', () => {
  for (const order of ['little', 'big'] as const) {
    it(`are read in ${order}-endian order, without contexts, plurals and the header`, () => {
      const bytes = moFile([header('UTF-8'), ['Open', 'Öffnen'], ['menu\u0004Close', 'Schließen'], ['%d file\0%d files', '%d Datei\0%d Dateien'], ['menu\u0004%d day\0%d days', '%d Tag\0%d Tage']], { order });
      assert.deepEqual(readMoFile(bytes, 'a.mo').map(({ original, translation }) => [original, translation]), [['Open', 'Öffnen'], ['Close', 'Schließen'], ['%d file', '%d Datei'], ['%d day', '%d Tag']]);
    });
  }

  it('come back as they were written', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter(one => !/[\0\u0004]/.test(one) && Buffer.from(one).toString() === one);
    fc.assert(fc.property(fc.array(fc.tuple(text, text)), fc.constantFrom('little' as const, 'big' as const), (messages, order) => {
      assert.deepEqual(readMoFile(moFile([header('utf-8'), ...messages], { order }), 'a.mo').map(({ original, translation }) => [original, translation]), messages);
    }));
  });

  it('are in the encoding that the header names, or in UTF-8', () => {
    assert.equal(readMoFile(moFile([header('ISO-8859-15'), ['Size', 'Größe']], { encode: latin1 }), 'a.mo')[0]!.translation, 'Größe');
    assert.equal(readMoFile(moFile([header('CHARSET'), ['Size', 'Größe']]), 'a.mo')[0]!.translation, 'Größe');
    assert.equal(readMoFile(moFile([['Size', 'Größe']]), 'a.mo')[0]!.translation, 'Größe');
    assert.deepEqual(readMoFile(moFile([]), 'a.mo'), []);
  });

  const whole = moFile([header('UTF-8'), ['Open', 'Öffnen']]);
  const patched = (value: number, place: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt32LE(value, place);
    return bytes;
  };
  for (const [what, bytes, message] of [
    ['another kind of file', Buffer.from('This is a text and not a catalog of messages'), /a\.mo is no whole message catalog: it does not begin with the bytes of one\. Install the package/],
    ['an empty file', Buffer.alloc(0), /does not begin/],
    ['a file that is cut short', whole.subarray(0, whole.length - 4), /its message 2 of 2 would end at byte \d+, but the file has \d+ bytes/],
    ['a table beyond the end', patched(5000, 12), /a table would reach to byte 5004, but the file has \d+ bytes/],
    ['more messages than there is room for', patched(4_000_000_000, 8), /but the file has \d+ bytes/],
    ['an encoding that nobody knows', moFile([header('EBCDIC-WHAT'), ['Open', 'Auf']]), /says that it is in "EBCDIC-WHAT", an encoding that is not known/],
    ['another encoding than it says', moFile([header('UTF-8'), ['Size', 'Größe']], { encode: latin1 }), /its message 2 is not in UTF-8, as it says/],
  ] as const) {
    it(`are refused for ${what}`, () => { assert.throws(() => readMoFile(bytes, 'a.mo'), message); });
  }

  it('of a folder are one corpus: on one line, each pair once, without what is not translated', () => {
    const [first, second] = [moFile([header('UTF-8'), ['_Open', '_Öffnen'], ['Two\n  lines\n', 'Zwei\nZeilen\n'], ['Git', 'Git'], ['my_name & _x', 'mein_name & _x']]), moFile([['Open', 'Öffnen'], ['Close', 'Schließen']])];
    withFiles({ 'b.mo': first, 'a.mo': second, 'broken.mo': 'no', 'other.txt': 'no' }, folder => {
      const { pairs, leftOut } = messageCatalogs([path.join(folder, 'absent'), folder]);
      assert.deepEqual(pairs.map(({ source, target }) => [target, source]), [['Open', 'Öffnen'], ['Close', 'Schließen'], ['Two lines', 'Zwei Zeilen'], ['my_name & _x', 'mein_name & _x']]);
      assert.deepEqual(leftOut, [{ lines: 1, what: 'catalogs that cannot be read' }, { lines: 1, what: 'pairs that were there already' }, { lines: 1, what: 'messages that are not translated' }]);
    });
  });

  it('say what to install where there are none, or none can be read', () => {
    assert.throws(() => messageCatalogs(['/nowhere/de', '/nowhere/de_DE']), /no German message catalog can be read\. There are none in \/nowhere\/de, \/nowhere\/de_DE\. They come with programs such as Git.*install some.*or choose the data "messages"/);
    withFiles({ 'broken.mo': 'no' }, folder => { assert.throws(() => messageCatalogs([folder]), /broken\.mo is no whole message catalog.*install some/); });
  });

  it('lie where each platform has them', () => {
    assert.deepEqual(catalogFolders({}, 'linux').slice(0, 3), ['/usr/local/share/locale/de/LC_MESSAGES', '/usr/local/share/locale/de_DE/LC_MESSAGES', '/usr/share/locale/de/LC_MESSAGES']);
    assert.ok(catalogFolders({ XDG_DATA_DIRS: '/opt/data:relative:/usr/share' }, 'linux').includes('/opt/data/locale/de/LC_MESSAGES'));
    assert.ok(catalogFolders({ XDG_DATA_DIRS: '/opt/data:relative' }, 'linux').every(folder => !folder.includes('relative')));
    assert.ok(catalogFolders({}, 'darwin').includes('/opt/homebrew/share/locale/de/LC_MESSAGES'));
    assert.ok(catalogFolders({ ProgramFiles: 'D:\\Programme' }, 'win32')[0]!.startsWith(path.join('D:\\Programme', 'Git')));
  });

  it('of this machine can be read, where it has any', function () {
    const files = catalogsIn(catalogFolders());
    if (files.length === 0) this.skip();
    const messages = files.flatMap(file => readMoFile(readFileSync(file), file));
    assert.ok(messages.length > 0 && messages.every(({ original }) => original !== ''));
    assert.ok(messages.some(({ translation }) => /[äöüß]/.test(translation)), 'German');
  });
});

describe('data: messages held out', () => {
  it('are a tenth, and whatever reads alike is on one side', () => {
    const words = ['file', 'folder', 'cannot', 'open', 'missing', 'value', 'number', 'line'];
    const message = (place: number) => words.filter((_, word) => (place + 1) >> word & 1).join(' ');
    const { pairs, isHeldOut } = messageCorpus('made up', Array.from({ length: 255 }, (_, place) => ({ source: `auf Deutsch ${place}`, target: message(place) })));
    const held = pairs.map((pair, place) => isHeldOut(pair, place));
    assert.ok(held.filter(Boolean).length > 10 && held.filter(Boolean).length < 45, String(held.filter(Boolean).length));
    pairs.forEach((pair, place) => {
      const { target } = pair;
      for (const alike of [`${target}.`, target.toUpperCase(), `${target} {0}`, `${target}: %s`, `%2$ld ${target} %-5.2f!`, `"${target}" 17`]) {
        assert.equal(isHeldOut({ source: 'anders', target: alike }, 0), held[place], alike);
      }
    });
  });
});
