/**
 * Failures of TensorFlow.js's own tests that are no fault of ours, each group with its reason. A group knows its tests by name, by
 * message, or by both. All of them fail on the backend as it is published, too.
 */
export const explained = [
  { reason: 'complex numbers do not exist on the wasm backend', message: /Kernel '(Complex|ComplexAbs|FFT|IFFT|Real|Imag)' not registered|complex64/ },
  { reason: 'ragged tensors do not exist on the wasm backend', message: /Kernel 'Ragged\w+' not registered/ },
  { reason: 'regular expressions on strings do not exist on the wasm backend', message: /Kernel 'StaticRegexReplace' not registered/ },
  { reason: 'the stock kernels compare and fill strings as if they were numbers', test: /should support string comparison|fill wasm \{\} \dD fill string/ },
  { reason: 'the stock kernel takes no strings', message: /Unknown dtype string|Aborted\(\)/, test: /string|^ops\/squeeze_test/ },
  { reason: 'the stock DenseBincount counts the rows of an image apart, where it should be counted as one', test: /threshold wasm \{\} method otsu/ },
  { reason: 'the stock pooling rounds sizes up and leaves what is beyond as it was', test: /pool wasm \{\} (max|avg) x=\[2,2,3\] f=\[1,1\] s=2 p=1 fractional outputs default rounding/ },
];

export function reasonOf({ name, message }) {
  return explained.find(group => (group.test?.test(name) ?? true) && (group.message?.test(message) ?? true));
}
