/** Marks the line of a probe's answer among whatever else a backend prints. */
export const answerMark = 'efcp-probe ';
