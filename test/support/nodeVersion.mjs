// The first thing every script here asks: is this Node new enough to go on?
const oldest = 20;

/** Ends the process with a message when Node is older than the project supports. */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldest) return;
  console.error(`EFCP Studio needs Node ${oldest} or newer; this is Node ${process.versions.node} (${process.execPath}). Install a newer Node and run the command again.`);
  process.exit(1);
}
