/** The trainer of a run that was started in a terminal: it has no wire, so its file is read again and again. */
import { InputError } from '../settings/problem';
import type { Trainer, TrainerListener } from './trainer';
import type { TrainerProcess } from './trainerProcess';

/** Milliseconds between two looks into the file. */
const followInterval = 500;

export function followTrainer(process: TrainerProcess, listener: TrainerListener): Trainer {
  const timer = setInterval(() => listener.catchUp(), followInterval);
  void process.exited.then(exit => {
    clearInterval(timer);
    listener.exited(exit, { stopAsked: false });
  });
  const refuse = () => {
    throw new InputError([{ field: '', message: 'The run belongs to a terminal (efcp train), and only that can control it. Press Ctrl-C there to stop it.' }]);
  };
  return {
    send: refuse, stop: refuse, expectExit: () => undefined,
    dispose: () => {
      clearInterval(timer);
      process.release();
    },
  };
}
