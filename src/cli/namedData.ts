import { catalogNames, isCatalogName, type CatalogName } from '../data/catalog';
import { UsageError } from './usageError';

/** The data set that a command line names. */
export function namedData(positionals: readonly string[], verb: string): CatalogName {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError(`Name one data set: efcp data ${verb} NAME, where NAME is ${catalogNames.join(', ')}.`);
  if (!isCatalogName(name)) throw new UsageError(`"${name}" is not a data set that can be fetched. There are ${catalogNames.join(', ')}; the digits and the messages are built in.`);
  return name;
}
