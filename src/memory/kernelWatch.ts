/** Says which kernel of TensorFlow.js is running: the innermost, since some run others. Hooks the engine only while somebody asks. */
import type { Engine } from '../backends/engine';

export class KernelWatch {
  /** Empty where none is. */
  running = '';

  constructor(private readonly watched: Engine) {}

  start(): void {
    const run = this.watched.runKernel.bind(this.watched);
    this.watched.runKernel = (name, inputs, attributes) => {
      const outer = this.running;
      this.running = name;
      try {
        return run(name, inputs, attributes);
      } finally {
        this.running = outer;
      }
    };
  }

  stop(): void {
    // The hook shadows the prototype's method.
    delete (this.watched as Partial<Engine>).runKernel;
    this.running = '';
  }
}
