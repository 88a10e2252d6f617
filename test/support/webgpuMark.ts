/** The environment variable that is set in a process whose tests of the device placement run on webgpu, and there alone. */
export const webgpuMark = 'EFCP_DEVICE_TESTS_ON_WEBGPU';
