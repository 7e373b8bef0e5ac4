// What runs in a recorded VM, from the user's file: the scheduler and tasks of a server as a sweep writes them, with
// times in units, for the recording says how long a tick is. A sweep is made of it, so that one reader knows the rules.

import { cellScenario } from "../../grid/cell-scenario.js";
import { openCursor } from "../../grid/cells.js";
import { openSweep } from "../../grid/open.js";
import { ROUND_HINT } from "../../grid/times.js";
import { type Position, pathTo } from "../../input/place.js";
import { didYouMean, InvalidInput, type Problem } from "../../input/problem.js";
import { TASK_FIELDS } from "../../model/fields.js";
import { isDuration } from "../../numbers/durations.js";
import { type MapNode, type Node, plain, readNode } from "../../sweep/document.js";
import type { RecordedTask } from "../measure/recorded.js";

/** The file of a guest, read but not yet checked: that needs the server it runs on, see `checkedServer`. */
export interface Guest {
  readonly file: string;
  /** `scheduler`, `priorities`, `assignment` and `tasks` as written. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where each path of the file stands. */
  readonly places: ReadonlyMap<string, Position>;
}

/** No file was given: a VM without tasks. */
export const NO_GUEST: Guest = { file: "", fields: { tasks: {} }, places: new Map() };

const KEYS = ["scheduler", "priorities", "assignment", "tasks"];
const SERVER = "system.servers.vm";
const TIMES = new Set(TASK_FIELDS.filter(({ kind }) => kind === "time").map(({ name }) => name));

/**
 * Reads the file of a guest.
 * @param text YAML or JSON: `{ scheduler, priorities, assignment, tasks: { name: { period: 20ms, wcet: 3ms, ... } } }`
 * @throws InvalidInput for syntax errors, unknown keys and times without a unit, with every one of its kind
 */
export function parseGuest(text: string, file: string): Guest {
  const root = readNode(text, file);
  if (root.kind !== "map" || !root.entries.has("tasks")) {
    const form = "tasks: { control: { period: 20ms, wcet: 3ms } }";
    throw new InvalidInput([{ ...root.at, path: "", text: `holds no tasks; they are written as in a sweep, ${form}` }]);
  }
  const problems = [...unknownKeys(root), ...timesWithoutUnit(root.entries.get("tasks")!.value)];
  if (problems.length > 0) throw new InvalidInput(problems);
  return { file, fields: plain(root) as Record<string, unknown>, places: new Map(placesOf(root, "")) };
}

/** The server of a guest in normal form (semantics.md section 8), its times in ticks. */
export interface CheckedServer {
  readonly tasks: readonly RecordedTask[];
  /** Its other fields. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Checks a sweep whose server `vm` holds the fields of a guest, and gives that server of its first cell.
 * @throws InvalidInput with the problems at their place in the guest's file
 */
export function checkedServer(sweep: Readonly<Record<string, unknown>>, guest: Guest): CheckedServer {
  try {
    const opened = openSweep(JSON.stringify(sweep), guest.file);
    const cursor = openCursor(opened.sweep, opened.plan);
    cursor.seek(0);
    const [{ name: _name, policy: _policy, tasks, ...fields }] = cellScenario(cursor).servers as Record<
      string,
      unknown
    >[];
    return { tasks: tasks as RecordedTask[], fields };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.problems.map((problem) => placed(problem, guest)));
  }
}

function unknownKeys(root: MapNode): Problem[] {
  const unknown = [...root.entries].filter(([key]) => !KEYS.includes(key));
  return unknown.map(([key, { at }]) => ({
    ...at,
    path: key,
    text: `is not a key of a tasks file, which has ${KEYS.join(", ")}: the recording is the supply${didYouMean(key, KEYS)}`,
  }));
}

function timesWithoutUnit(tasks: Node): Problem[] {
  const problems: Problem[] = [];
  for (const [task, { value }] of entriesOf(tasks)) {
    for (const [key, { value: time }] of entriesOf(value)) {
      if (!TIMES.has(key) || (time.kind !== "number" && time.kind !== "text")) continue;
      if (time.kind === "text" && isDuration(time.text)) continue;
      const text = `${time.text} is no time with a unit; write it as 20ms, 0.25ms or 250us`;
      problems.push({ ...time.at, path: pathTo(pathTo("tasks", task), key), text });
    }
  }
  return problems;
}

function entriesOf(node: Node): MapNode["entries"] {
  return node.kind === "map" ? node.entries : new Map();
}

/** Every path below a node, with its position. */
function* placesOf(node: Node, path: string): Generator<[string, Position]> {
  yield [path, node.at];
  for (const [key, { value }] of entriesOf(node)) yield* placesOf(value, pathTo(path, key));
}

/** A problem of the sweep at its place in the guest's file: that of the nearest path which is there. */
function placed({ path, text }: Problem, { file, places }: Guest): Problem {
  const own = path.startsWith(SERVER) ? path.slice(SERVER.length).replace(/^\./, "") : path;
  let near = own;
  while (near !== "" && !places.has(near)) near = near.slice(0, Math.max(0, near.lastIndexOf(".")));
  return { ...(places.get(near) ?? { file }), path: own, text: text.replace(ROUND_HINT, "") };
}
