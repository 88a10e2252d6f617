/** `efcp bench`: how fast the optimizers and the backends are, and how well the optimizers converge. */
import { backendNames } from '../bench/backends/backendNames';
import { benchModelNames } from '../bench/backends/benchModels';
import { comparedStep } from '../bench/backends/contestant';
import { atLeastWithout, atMostWith } from '../bench/convergence/verdict';
import { memoryModelNames, memoryModels, techniqueNames } from '../bench/memory/memoryModels';
import { defaultDimensions } from '../bench/optimizers/optimizersBench';
import { optimizers } from '../settings/optimizers';
import { runBackendsBench } from './benchBackends';
import { runConvergenceBench } from './benchConvergence';
import { runMemoryBench } from './benchMemory';
import { runOptimizersBench } from './benchOptimizers';
import { runParityBench } from './benchParity';
import { parityModelNames, parityModels } from '../bench/lossParity/variants';
import type { Command } from './command';
import { interruptedCode } from './interruption';
import { UsageError } from './usageError';

const benches = { optimizers: runOptimizersBench, backends: runBackendsBench, convergence: runConvergenceBench, memory: runMemoryBench, parity: runParityBench };

export const benchCommand: Command = {
  summary: 'time optimizers or backends, weigh memory techniques, or repeat the convergence experiments',
  help: `efcp bench optimizers [--recipe a,b] [--dim n,n] [--window n] [--density x] [--rank r] [--set key=value …] [--json]

Times a step of each optimizer with its window full, weighs its state, and takes two yardsticks in the same run: the time
one thread needs to read the bytes of the window once, and the same method in plain JavaScript. Nothing is trained:
gradients are random, 6 % of a row's support being shared with another's at 1 % density.

  --recipe a,b     which optimizers (default all): ${optimizers.join(', ')}
  --dim n,n        how many parameters (default ${defaultDimensions.map(dim => dim.toExponential().replace('+', '')).join(',')})
  --window n       gradients remembered (default 1024 for M-FAC, 100 for GGT, as in their experiments)
  --density x      fraction that Top-K keeps (default 0.01)
  --rank r         rank of what is kept of matrices (default 4)
  --set key=value  sets any other setting; may be repeated
  --json           writes a list of rows as JSON; null stands for what a recipe does not have

  step     from a gradient to changed parameters: the median; what an optimizer does every so many steps in its share
  parts    Top-K, dots with the window, solve of the gram, combination of rows, each alone on the state of the optimizer
  x read   the step in units of one read of the window by one thread
  x plain  how many times faster than plain JavaScript

efcp bench backends [--model a,b] [--backend a,b] [--steps n] [--json]

Trains a perceptron, a residual network and a transformer by plain gradient descent on every backend at hand, each in a process
of its own, a few steps in turn. Models, data and seed are the same, so the losses must agree.

  --model a,b    which models (default all): ${benchModelNames.join(', ')}
  --backend a,b  which backends (default all that are at hand, without cpu and without software that stands in for a GPU):
                 ${backendNames.join(', ')}
  --steps n      steps on each (default ${comparedStep}; with fewer there is no loss to compare)
  --json         writes a list of rows as JSON; null stands for what was not measured

  step           from a batch on the host to changed parameters and its loss on the host: the median
  loss after ${comparedStep}  of the next batch, after exactly ${comparedStep} steps

Its exit code is 1 where a backend failed; the others are measured all the same.

efcp bench convergence [--seeds n] [--steps n] [--output DIR] [--quick] [--json]

Trains an ill-conditioned softmax regression, a perceptron and a convnet with dense, Top-K and low-rank preconditioners,
with and without error feedback, each at its own best learning rate, and writes a report with pictures.

  --seeds n     how many seeds (default 3)
  --steps n     steps of the softmax regression (default 1000)
  --output DIR  where to write report.md and its pictures (default efcp-convergence)
  --quick       without the perceptron and the convnet, which take most of the time
  --json        also writes all results to the standard output, as JSON

Its exit code is 1 where the claim fails: on the softmax problem, at 1 % density, within ${atMostWith} x of the dense loss with error
feedback, and at least ${atLeastWithout} x without.

efcp bench memory [--model a,b] [--technique a,b] [--backend name] [--batch n] [--steps n] [--out DIR] [--json]

Trains a network with each technique of low-memory training and with combinations of them, each for a step or more in a process of its
own, on examples of noise, and prints what it held: model, optimizer and activations as in arXiv 1904.10631, workspace beside them,
measured beside predicted, with the time of a step. The baseline is measured in any case, since ratios are to it.

  --model a,b      which networks (default wrn-28-2): ${memoryModelNames.join(', ')}
  --technique a,b  which techniques (default all that the network is measured with): ${techniqueNames.join(', ')}
  --backend name   where (default wasm): ${backendNames.join(', ')}
  --batch n        examples in a batch (default ${memoryModels['wrn-28-2'].batch} images; pairs of sentences: ${memoryModels.dynamicconv.batch} for dynamicconv, ${memoryModels['dynamicconv-tiny'].batch} for its small one)
  --steps n        measured steps of each, after one that is not (default 1)
  --out DIR        also writes report.md there, with a picture of bytes and time
  --json           writes a list of rows as JSON; null stands for what was not measured

Its exit code is 1 where a technique could not be measured; the others are measured all the same.

efcp bench parity [--model a,b] [--seeds n] [--steps n] [--backend name] [--out DIR] [--json]

Trains small networks on real images and sentences with recomputation, microbatches, halves, sparse weights and all together, over
several seeds, and writes a report of what each does to the loss. Images are CIFAR-10's where it was fetched, else Fashion-MNIST's,
else the built-in digits; sentences are the built-in messages of a compiler, German to English.

  --model a,b     which networks (default all): ${parityModelNames.join(', ')}
  --seeds n       how many seeds (default 3)
  --steps n       steps of each run (default ${parityModelNames.map(name => `${parityModels[name].steps} for ${name}`).join(', ')})
  --backend name  where (default wasm): ${backendNames.join(', ')}
  --out DIR       where to write report.md and its pictures (default efcp-parity)
  --json          also writes all results to the standard output, as JSON

Its exit code is 1 where recomputation does not give the same losses bit for bit, or another technique ends further above the baseline's
validation loss than its margin, which the report states.

  --help        shows this

Ctrl-C ends after the present step or run, a bench of backends or of memory at once, with what is there by then. Exit code ${interruptedCode}: interrupted.`,

  run([bench, ...args]) {
    if (bench === undefined || !Object.hasOwn(benches, bench)) {
      throw new UsageError(`${bench === undefined ? 'Say which bench' : `"${bench}" is not a bench`}: ${Object.keys(benches).join(', ')}. Write for example efcp bench optimizers.`);
    }
    return benches[bench as keyof typeof benches](args);
  },
};
