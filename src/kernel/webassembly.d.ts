// What this project uses of the WebAssembly API. Node has it; its type package does not declare it, and the browser's
// library would bring in everything else of a browser as well.

declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...parameters: number[]) => unknown>>);
    readonly exports: Record<string, unknown>;
  }
  /** The module violated WebAssembly's own rules: an access out of bounds, `unreachable`, a division by zero. */
  class RuntimeError extends Error {}
}
