/** A setting as the command line takes it: `density=0.05`, `recompute=block`. */
export function assignmentOf(name: string, value: unknown): string {
  return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
