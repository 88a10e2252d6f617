/** Takes what is needed out of a wheel with Python's own zipfile: streamed, and every file checked against the wheel's RECORD. */
import path from 'node:path';
import type { PinnedWheel } from './pins';
import { RuntimeRefusal } from './refusal';
import { ProgramFailure, runProgram } from './runProgram';
import type { Tools } from './tools';

/** Prints the bytes written so far, a number a line. Members go to a `.part` first, so that a file with its own name is whole. */
const program = `
import base64, csv, hashlib, io, json, os, re, sys, zipfile
wheel, target, rules = sys.argv[1], os.path.realpath(sys.argv[2]), json.loads(sys.argv[3])
written = count = 0
with zipfile.ZipFile(wheel) as archive:
    record = next(name for name in archive.namelist() if re.fullmatch(r'[^/]+\\.dist-info/RECORD', name))
    sums = {row[0]: row[1] for row in csv.reader(io.StringIO(archive.read(record).decode('utf-8'))) if row}
    for member in archive.infolist():
        place = next((re.sub(pattern, place, member.filename) for pattern, place in rules if re.fullmatch(pattern, member.filename)), None)
        if place is None or member.is_dir():
            continue
        file = os.path.realpath(os.path.join(target, place))
        if not file.startswith(target + os.sep):
            sys.exit(member.filename + ' would leave the folder')
        os.makedirs(os.path.dirname(file), exist_ok=True)
        digest = hashlib.sha256()
        with archive.open(member) as source, open(file + '.part', 'wb') as sink:
            while True:
                block = source.read(1 << 22)
                if not block:
                    break
                digest.update(block)
                sink.write(block)
                written += len(block)
                print(written, flush=True)
        wanted = sums.get(member.filename, '')
        found = 'sha256=' + base64.urlsafe_b64encode(digest.digest()).decode().rstrip('=')
        if wanted != found:
            sys.exit(member.filename + ' is not what RECORD says: ' + (wanted or 'nothing') + ' there, ' + found + ' here')
        os.chmod(file + '.part', 0o755 if member.external_attr >> 16 & 0o100 or '/bin/' in place else 0o644)
        os.replace(file + '.part', file)
        count += 1
print(json.dumps({'files': count, 'bytes': written}))
`;

export interface Unpacking {
  readonly python: Tools['python'];
  readonly wheel: string;
  readonly target: string;
  readonly pinned: PinnedWheel;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

export async function unpackWheel({ python, wheel, target, pinned, signal, onBytes }: Unpacking): Promise<void> {
  let last = '';
  try {
    await runProgram([...python, '-I', '-c', program, wheel, target, JSON.stringify(pinned.unpacked.rules)], {
      signal, onLine: line => {
        last = line;
        if (/^\d+$/.test(line)) onBytes(Number(line));
      },
    });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw new RuntimeRefusal('unpack', `${pinned.file} cannot be unpacked.`, 'Run the command again; if it fails again, look at what Python says.', error.lastLines);
  }
  const { files } = JSON.parse(last) as { files: number };
  if (files !== pinned.unpacked.files) throw new RuntimeRefusal('unpack', `${path.basename(wheel)} gave ${files} files where ${pinned.unpacked.files} were expected.`, 'This is a fault of EFCP Studio: report it.');
}
