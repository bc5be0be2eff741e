// The size of a part of the page, known without asking: reading it while something is being drawn makes the browser lay out everything
// at once, in the middle of the frame. It is read where the layout is done, and once more where it is not known yet.

export class Measured {
  readonly #node: Element;
  readonly #observer: ResizeObserver;
  #size: { readonly width: number; readonly height: number } | undefined;

  /** @param changed called after the layout that gave the part another size; also when it left the page */
  constructor(node: Element, changed: () => void) {
    this.#node = node;
    let before: { readonly width: number; readonly height: number } | undefined;
    this.#observer = new ResizeObserver(() => {
      this.#size = { width: node.clientWidth, height: node.clientHeight };
      if (before?.width !== this.#size.width || before.height !== this.#size.height) changed();
      before = this.#size;
    });
    this.#observer.observe(node);
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  get width(): number {
    return this.#read().width;
  }

  get height(): number {
    return this.#read().height;
  }

  /** What is not in the page has no size; it may be back by now. */
  #read(): { readonly width: number; readonly height: number } {
    if (!this.#size || this.#size.width === 0)
      this.#size = { width: this.#node.clientWidth, height: this.#node.clientHeight };
    return this.#size;
  }
}
