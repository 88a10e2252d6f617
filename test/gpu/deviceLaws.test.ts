import './onHardware';
import '../unit/device/deviceErrorFeedback.test';
import '../unit/device/deviceKernels.test';
import '../unit/device/deviceOptimizer.test';
