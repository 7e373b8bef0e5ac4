// The only file that touches the kernel's memory: load a scenario, run it, read the counters. It knows no Node; load.ts
// reads the compiled kernel there, and a browser fetches it.

import * as abi from "../../assembly/abi.js";
import * as draws from "../../assembly/draws/abi.js";
import { EXIT, ExitError } from "../input/exit.js";

/** The functions and the memory that assembly/index.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  abiVersion(): number;
  scenarioPointer(): number;
  scenarioCapacity(): number;
  resultPointer(): number;
  eventsPointer(): number;
  eventCount(): number;
  clearEvents(): void;
  load(leaping: number, traced: number): number;
  run(instants: number): number;
  requestPointer(): number;
  answerPointer(): number;
  drawTasks(): number;
}

/** An assertion of the kernel fired: a bug of ours, never the user's fault. */
export class KernelBug extends ExitError {
  readonly exitCode = EXIT.bug;

  constructor(message: string) {
    super(message);
    this.name = "KernelBug";
  }
}

/** Instants in one call. Between calls V8 can swap in optimised code, and a run can be cancelled. */
const SLICE = 4_000_000;
/** Of a trace the first call is this short, and each is twice as long as the one before. */
const FIRST_SLICE = 256;

/** One instance of the kernel: one scenario at a time. */
export class Kernel {
  private readonly exports: Exports;
  private readonly input: Float64Array;
  private readonly output: Float64Array;

  /**
   * @param module the compiled kernel
   * @param leaping whether runs may leap over repeating cycles; the result is the same, only later, without
   * @throws KernelBug when the module was built for another ABI_VERSION
   */
  constructor(
    module: WebAssembly.Module,
    private readonly leaping = true,
  ) {
    const instance = new WebAssembly.Instance(module, { env: { abort: this.abort.bind(this) } });
    this.exports = instance.exports as unknown as Exports;
    const version = this.exports.abiVersion();
    if (version !== abi.ABI_VERSION) {
      throw new KernelBug(`the kernel has ABI ${version}, the program expects ${abi.ABI_VERSION}: run npm run build`);
    }
    const { buffer } = this.exports.memory;
    this.input = new Float64Array(buffer, this.exports.scenarioPointer(), this.exports.scenarioCapacity());
    const results =
      abi.OUT_HOST_SIZE +
      abi.SERVERS_MAX * abi.OUT_SERVER_SIZE +
      abi.TASKS_MAX * abi.OUT_TASK_SIZE +
      abi.CPUS_MAX * abi.OUT_CPU_SIZE;
    this.output = new Float64Array(buffer, this.exports.resultPointer(), results);
  }

  /**
   * Runs one scenario to its end.
   * @param flat a scenario that checkScenario accepts, laid out as in assembly/abi.ts
   * @param goOn asked between slices of some milliseconds; false abandons the run
   * @returns STATUS_DONE when the counters are in `results`; STATUS_MORE when it was abandoned; another STATUS_ of
   *   assembly/abi.ts when this scenario cannot be computed exactly
   * @throws KernelBug when an assertion of the kernel fires
   */
  run(flat: Float64Array, goOn: () => boolean = () => true): number {
    this.input.set(flat);
    try {
      let status = this.exports.load(this.leaping ? 1 : 0, 0);
      while (status === abi.STATUS_MORE && goOn()) status = this.exports.run(SLICE);
      return status;
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new KernelBug(error.message) : error;
    }
  }

  /**
   * Draws a set of tasks, by its numbers alone: nothing of a run is needed, and none is disturbed.
   * @param request as requestOf of src/workload makes it
   * @returns what the utilizations come to with their rounded wcets; and rows of DRAWN_SIZE numbers, see
   *   assembly/draws/abi.ts, in kernel memory and valid until the next call
   * @throws KernelBug when an assertion of the kernel fires
   */
  drawTasks(request: Float64Array): { readonly utilization: number; readonly rows: Float64Array } {
    const { memory, requestPointer, answerPointer, drawTasks } = this.exports;
    new Float64Array(memory.buffer, requestPointer(), request.length).set(request);
    try {
      const utilization = drawTasks();
      const length = request[draws.ASK_COUNT] * draws.DRAWN_SIZE;
      return { utilization, rows: new Float64Array(memory.buffer, answerPointer(), length) };
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new KernelBug(error.message) : error;
    }
  }

  /**
   * Runs one scenario to its end with its event log on. The counters are those of `run`.
   * @param onEvents called with the events so far whenever the buffer is full, and at the end: rows of EVENT_SIZE numbers,
   *   see assembly/abi.ts, in kernel memory and valid only during the call. It returns whether to go on
   * @returns as `run`
   * @throws KernelBug when an assertion of the kernel fires
   */
  trace(flat: Float64Array, onEvents: (rows: Float64Array) => boolean): number {
    this.input.set(flat);
    try {
      let status = this.exports.load(0, 1);
      let goOn = true;
      // Who looks at a beginning alone does not wait for what comes long after it.
      for (let slice = FIRST_SLICE; status === abi.STATUS_MORE && goOn; slice = Math.min(2 * slice, SLICE)) {
        status = this.exports.run(slice);
        const count = this.exports.eventCount();
        const { buffer } = this.exports.memory;
        goOn = onEvents(new Float64Array(buffer, this.exports.eventsPointer(), count * abi.ROW_SIZE));
        this.exports.clearEvents();
      }
      return status;
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new KernelBug(error.message) : error;
    }
  }

  /**
   * The counters of the last run, in kernel memory: host, then servers, tasks and CPUs, see assembly/abi.ts. Valid until
   * the next run; copy what is kept.
   */
  get results(): Float64Array {
    return this.output;
  }

  /** AssemblyScript passes UTF-16 strings, their length in bytes just before them. */
  private text(pointer: number): string {
    if (pointer === 0) return "";
    const { buffer } = this.exports.memory;
    const bytes = new Uint32Array(buffer)[(pointer - 4) >>> 2];
    return String.fromCharCode(...new Uint16Array(buffer, pointer, bytes >>> 1));
  }

  private abort(message: number, file: number, line: number, column: number): never {
    throw new KernelBug(`${this.text(message)} at ${this.text(file)}:${line}:${column}`);
  }
}
