// The end of a run of the tests: what came of each kind, and why what failed did. Often nobody sees more than the last lines.
import { stripVTControlCharacters } from 'node:util';

/** Lines that say why: the first failure of a kind tells the most, what fails after it often follows from it. */
const mostLines = { first: 16, other: 2 };
const longestLine = 200;

/** Prints the outcomes; returns the counts of all together. */
export function printSummary(outcomes) {
  for (const outcome of outcomes) for (const line of linesOf(outcome)) console.log(line);
  return { passed: sum(outcomes, ({ passed }) => passed), failed: sum(outcomes, ({ failed }) => failed.length) };
}

/** `failed` holds a `title` each, and the lines of `why` where somebody knows. */
function linesOf({ name, seconds, passed, skipped = 0, failed }) {
  const counts = passed + skipped + failed.length === 0 ? 'ok' : `${passed} passed, ${failed.length} failed${skipped ? `, ${skipped} skipped` : ''}`;
  const failures = failed.flatMap(({ title, why = [] }, index) => [`FAILED ${title}`, ...shorten(why, index === 0 ? mostLines.first : mostLines.other).map(line => `  ${line}`)]);
  return [`${name.padEnd(10)} ${seconds.toFixed(0).padStart(4)} s  ${counts}`, ...failures.map(line => `                   ${line}`)];
}

function shorten(lines, most) {
  const told = lines.map(line => stripVTControlCharacters(line).trimEnd()).filter(line => line !== '');
  const kept = told.slice(0, most).map(line => line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line);
  return told.length > most ? [...kept.slice(0, -1), `… and ${told.length - most + 1} lines more`] : kept;
}

function sum(outcomes, count) {
  return outcomes.reduce((total, outcome) => total + count(outcome), 0);
}
