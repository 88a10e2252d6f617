/** Which line of a user's module is running: "FILE:LINE" of the innermost call in that file, constructors of its own classes passed over; undefined where it has none on the stack. */
import { pathToFileURL } from 'node:url';

/** Layers are made from within functions of functions. */
const deepest = 50;

export function callerIn(file: string): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = deepest;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const lines = stack.split('\n').flatMap(frame => {
    const line = lineIn(frame, file);
    return line === undefined ? [] : [{ line, isConstructor: frame.trimStart().startsWith('at new ') }];
  });
  const caller = lines.find(({ isConstructor }) => !isConstructor) ?? lines[0];
  return caller && `${file}:${caller.line}`;
}

/** An ES module's frames name its address, a CommonJS module's its path. */
function lineIn(frame: string, file: string): string | undefined {
  for (const name of [pathToFileURL(file).href, file]) {
    const at = frame.indexOf(`${name}:`);
    if (at >= 0) return /^\d+/.exec(frame.slice(at + name.length + 1))?.[0];
  }
  return undefined;
}
