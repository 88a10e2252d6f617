/** Version of the package, put in by the build. */
declare const EFCP_STUDIO_VERSION: string;
export const studioVersion = EFCP_STUDIO_VERSION;
