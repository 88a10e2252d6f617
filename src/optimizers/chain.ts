/** Transformations one after the other; the state is the tuple of their states. */
import type { Transformation } from './transformation';

type Links<States extends readonly unknown[]> = { readonly [Index in keyof States]: Transformation<States[Index]> };

export function chain<States extends readonly unknown[]>(...links: Links<States>): Transformation<States> {
  const all: readonly Transformation<unknown>[] = links;
  return {
    name: all.map(link => link.name).join(' > '),
    init: space => all.map(link => link.init(space)) as readonly unknown[] as States,
    update: (updates, states, parameters, step) => {
      for (let index = 0; index < all.length; index++) all[index]?.update(updates, states[index], parameters, step);
    },
    remap: (states, space) => all.map((link, index) => link.remap?.(states[index], space) ?? states[index]) as readonly unknown[] as States,
  };
}
