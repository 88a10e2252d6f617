/** `efcp doctor`: which backends are here, whether each computes, which one a run would use and why. */
import { inspectBackends } from '../trainer/inspectBackends';
import { studioVersion } from '../protocol/version';
import { parseCommandLine, type Command } from './command';
import { hardwareReport, hardwareText } from './doctorHardware';
import { formatTable } from './table';

export const doctorCommand: Command = {
  summary: 'say which backends are here and why one is chosen',
  help: `efcp doctor [--json]

Loads every backend that a run could use from this folder, each in a process of its own, times some training steps of digits-mlp on
it, and says which one is chosen. A software adapter that stands in for a GPU is recognised, and never chosen.
Lists the managed TensorFlow runtimes, and NVIDIA's GPUs where their driver is.

  --json  writes the report as JSON
  --help  shows this`,

  async run(args) {
    const { values } = parseCommandLine(args, { json: { type: 'boolean' } });
    const { backends, chosen } = await inspectBackends({ assets: __dirname, workspace: process.cwd() });
    const report = { studio: studioVersion, node: { version: process.version, path: process.execPath }, platform: `${process.platform} ${process.arch}`, backends, chosen, ...await hardwareReport() };
    if (values.json) {
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else {
      const rows = backends.map(({ name, available, version, device, stepMs, detail }) => [name, available ? 'works' : 'absent', version ?? '', stepMs === undefined ? '' : `${stepMs.toPrecision(3)} ms a step`, device === undefined ? detail : `${device}: ${detail}`]);
      process.stdout.write(`EFCP Studio ${report.studio}, Node ${report.node.version} on ${report.platform}\n\n${formatTable(rows)}\n\n${hardwareText(report)}A run with "backend": "auto" uses ${chosen.name}: ${chosen.reason}.\n`);
    }
    return 0;
  },
};
