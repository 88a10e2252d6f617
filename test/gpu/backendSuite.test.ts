/** The suite of all backends, and what the trainer owes on webgpu, on the GPU. */
import './onHardware';
import '../backends/conformance.test';
import '../backends/webgpuTraining.test';
