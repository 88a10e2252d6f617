/** What ends a subscription; the editor's own disposables fit. */
export interface Disposable {
  dispose(): void;
}
