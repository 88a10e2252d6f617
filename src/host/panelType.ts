/** The editor's name for the panel of a run; the manifest's activation event has it too. */
export const panelType = 'efcp.run';
