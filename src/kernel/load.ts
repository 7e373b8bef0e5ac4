// Where the compiled kernel comes from under Node: the only file from a sweep's text to a picture that reads a file.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The path of the compiled kernel in the build directory. */
export function kernelPath(): string {
  return createRequire(import.meta.url).resolve("#kernel.wasm");
}

/** Compiles the kernel; a process does this once and hands the module to its workers. */
export function compileKernel(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(kernelPath()));
}
