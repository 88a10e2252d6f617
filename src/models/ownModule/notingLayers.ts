/**
 * Makers of layers, as functions and as classes, that note for each layer they make the line of the user's module that asked for it.
 * A class stays what it is to `instanceof` and to those who extend it.
 */
import { noteSource, sourceOf } from '../layersModel/layerSources';
import { callerIn } from './callerIn';

export function notingLayers<Makers extends object>(makers: Makers, file: string): Makers {
  return Object.fromEntries(Object.entries(makers).map(([name, make]: [string, unknown]) => [name, typeof make === 'function' ? noting(make, file) : make])) as Makers;
}

function noting(make: object, file: string): unknown {
  const noted = (made: unknown): unknown => {
    // The innermost maker knows no better line: a factory calls its class.
    if (typeof made === 'object' && made !== null && sourceOf(made) === undefined) {
      const source = callerIn(file);
      if (source !== undefined) noteSource(made, source);
    }
    return made;
  };
  return new Proxy(make, {
    apply: (target, receiver, given) => noted(Reflect.apply(target as (...given: unknown[]) => unknown, receiver, given)),
    construct: (target, given, wanted) => noted(Reflect.construct(target as new (...given: unknown[]) => object, given, wanted)) as object,
  });
}
