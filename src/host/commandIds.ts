/** Every command of the manifest; a test compares the two, and the table of actions does not compile while one is missing. */
export const commandIds = [
  'efcp.launch', 'efcp.launchFile', 'efcp.pause', 'efcp.resume', 'efcp.stop', 'efcp.restart', 'efcp.applyFix', 'efcp.changeSetting', 'efcp.undoChange',
  'efcp.resumeTraining', 'efcp.openRun', 'efcp.showPanel', 'efcp.openLog', 'efcp.installRuntime', 'efcp.removeRuntime',
  'efcp.fetchData', 'efcp.takeSnapshot', 'efcp.openSnapshot', 'efcp.compareSnapshots', 'efcp.showEstimate', 'efcp.plan', 'efcp.exportRun',
] as const;
export type CommandId = (typeof commandIds)[number];
