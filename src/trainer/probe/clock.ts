/**
 * Clocks, in milliseconds. On backends that compute on the one thread of this process its processor time tells what passes take, whatever else
 * the machine does meanwhile; the others have threads or a device of their own.
 */
import { performance } from 'node:perf_hooks';
import { isShared } from '../../settings/workers';

export type Clock = () => number;

export const wallClock: Clock = () => performance.now();

export function clockOf(backend: string): Clock {
  return isShared(backend) ? () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; } : wallClock;
}
