/** The editor of `*.efcpsnap`, as the manifest names it, and the panel of two that are compared. */
export const snapshotViewType = 'efcp.snapshot';
export const comparisonViewType = 'efcp.snapshotComparison';
