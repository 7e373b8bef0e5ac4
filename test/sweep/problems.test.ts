import { expect, test } from "vitest";
import { oneServer, problemsOf, sweepOverQ } from "./sweeps.js";

/** A case: what the file holds, and every line that is printed. */
function problem(name: string, text: string, lines: readonly string[]): void {
  test(name, () => expect(problemsOf(text)).toEqual(lines));
}

const DURATION = 'a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="';
const SERVER = ["policy: idling", "period: 10", "budget: 2"];

problem("an empty file", "# nothing\n", [
  "s.yaml:1:1 the file is empty; a sweep is a map with at least horizon and system",
]);
problem("lines that end in a carriage return alone", "# mine\rhorizon: 60\r", [
  "s.yaml:1:1 the file ends its lines with a carriage return alone, which is no line end here; a sweep is a map with at least horizon and system",
]);
problem("a list", "[1]", ["s.yaml:1:1 the file holds a list; a sweep is a map with at least horizon and system"]);
problem("two documents", "a: 1\n---\nb: 2", ["s.yaml:2:1 a second document starts here; a sweep file holds one"]);
problem("a key twice", "a: 1\na: 2", ["s.yaml:2:1 a: this key occurs twice in its map"]);
problem("a key twice, as text and number", '"1": 2\n1: 3', ["s.yaml:2:1 1: this key occurs twice in its map"]);
problem("an unknown anchor", "a: *x", ["s.yaml:1:4 a: there is no anchor &x before this alias"]);
problem("a cyclic alias", "a: &x [*x]", ["s.yaml:1:8 a[0]: the alias *x stands inside its own anchor"]);
problem("a key that is a list", "? [1]\n: 2", ["s.yaml:1:3 a key is a plain word here, not a list, a map or an alias"]);
problem("a tag", "a: !foo 1", ["s.yaml:1:4 not valid YAML: unresolved tag: !foo"]);
problem("broken flow", "a: [1,\nb: 2", [
  "s.yaml:2:1 not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]",
]);
problem("an expression that YAML takes for a map", oneServer(['period: =v == "k" ? 7 : 12']), [
  's.yaml:5:15 not valid YAML: nested mappings are not allowed in compact mappings; an expression that holds ": " or " #" needs quotes',
]);

test("an exponential tangle of aliases is refused, and quickly", () => {
  const lines = ["a: &a [1,1,1,1,1,1,1,1,1,1]"];
  for (const [i, name] of [..."bcdefghij"].entries()) {
    lines.push(`${name}: &${name} [${Array(10).fill(`*${"abcdefghi"[i]}`).join(",")}]`);
  }
  expect(problemsOf(lines.join("\n"))).toEqual([
    "s.yaml:1:1 aliases (*name) repeat more than 100 times what their anchors hold; write less of it by reference",
  ]);
});

problem("brackets that are left open", "horizon: 60\nsystem: { servers: { vm: { policy: idling\n", [
  "s.yaml:3:1 not valid YAML: flow map in block collection must be sufficiently indented and end with a }",
]);

test("a nest of a hundred thousand brackets is refused", () => {
  expect(problemsOf(`a: ${"[".repeat(100_000)}`)[0]).toMatch(/nested too deeply/);
});

test("anchors and aliases of ordinary size are fine, also twice in one path", () => {
  const text = oneServer([
    "policy: idling",
    "period: &ten 10",
    "budget: *ten",
    "tasks: { a: &task { period: *ten, wcet: 1 }, b: *task }",
  ]);
  expect(problemsOf(text)).toEqual(["no problem"]);
});

problem("missing and misspelt keys", "horizn: 100\nsystem: {}", [
  "s.yaml:1:1 horizon: is missing; it is a duration, or a map with hyperperiods and at_most",
  's.yaml:1:1 horizn: is not a key of a sweep; did you mean "horizon"?',
  "s.yaml:2:1 system.servers: is missing; it is a map from the names of servers to their fields",
]);
problem(
  "all problems of a server at once",
  oneServer([
    "policy: idlin",
    "perid: 10",
    "period: [1]",
    "budget: abc",
    "priority: 1.5",
    "tasks: { a: { period: 5, wcet: true, x: 1 } }",
  ]),
  [
    's.yaml:5:15 system.servers.vm.policy: "idlin" is not one of dedicated, idling, polling, deferrable, sporadic, cbs, cbs-soft, recorded, fair, sporadic-posix, rtds, tbs, cus, sedf, credit; did you mean "idling"?',
    's.yaml:6:7 system.servers.vm.perid: is not a key of a server; did you mean "period"?',
    `s.yaml:7:15 system.servers.vm.period: a list is not ${DURATION}`,
    `s.yaml:8:15 system.servers.vm.budget: "abc" is not ${DURATION}`,
    "s.yaml:9:17 system.servers.vm.priority: 1.5 is not a whole number",
    `s.yaml:10:38 system.servers.vm.tasks.a.wcet: true is not ${DURATION}`,
    "s.yaml:10:44 system.servers.vm.tasks.a.x: is not a key of a task",
  ],
);
problem('a forgotten "="', oneServer(["policy: idling", "period: P", "budget: 1"], "axes: { P: [1] }"), [
  `s.yaml:6:15 system.servers.vm.period: "P" is not ${DURATION}; did you mean "=P"?`,
]);
problem(
  "names that plain objects cannot hold",
  "horizon: 1\nsystem: { servers: { __proto__: {}, constructor: { policy: dedicated, tasks: { '': { period: 1, wcet: 1 } } } } }",
  [
    's.yaml:2:22 system.servers.__proto__: "__proto__" cannot be a name',
    's.yaml:2:80 system.servers.constructor.tasks[""]: a name is not empty',
  ],
);
problem("__proto__ in a map of fields", oneServer([...SERVER, "__proto__: 1"]), [
  "s.yaml:8:7 system.servers.vm.__proto__: is not a key of a server",
]);
problem(
  "constructor, toString and unicode are names",
  oneServer([
    ...SERVER,
    "tasks: { constructor: { period: 9, wcet: 1 }, toString: { period: 9, wcet: 1 }, Регулятор ⚙: { period: 9, wcet: 1 } }",
  ]),
  ["no problem"],
);
problem("no server", "horizon: 1\nsystem: { servers: {} }", [
  "s.yaml:2:1 system.servers: there is no server; at least one is needed",
]);
problem(
  "windows",
  "horizon: 10\nsystem:\n  host: { scheduler: table, frame: 10, windows: [{ server: vn, start: 0, duration: 5 }, 3] }\n  servers: { vm: {} }",
  [
    's.yaml:3:60 system.host.windows[0].server: there is no server "vn"; did you mean "vm"?',
    "s.yaml:3:89 system.host.windows[1]: 3 is not a window, a map with server, vcpu, start, duration, cpu",
  ],
);

problem(
  "windows of a server",
  oneServer(["policy: recorded", "windows: [{ start: 0, duration: 5, server: vm }, 3, { start: =x, duration: -1 }]"]),
  [
    "s.yaml:6:42 system.servers.vm.windows[0].server: is not a key of a window of a server, which has start, duration",
    "s.yaml:6:56 system.servers.vm.windows[1]: 3 is not a window of a server, a map with start, duration",
    's.yaml:6:68 system.servers.vm.windows[2].start: there is no axis "x"',
    "s.yaml:6:82 system.servers.vm.windows[2].duration: -1 is negative",
  ],
);

problem("units without a tick", `unit: ms\n${oneServer(["policy: idling", "period: 10ms", "budget: 2"])}`, [
  's.yaml:1:7 unit: ms needs a tick: say how long one tick is, for example "tick: 1ms"',
  's.yaml:7:15 system.servers.vm.period: 10ms needs a tick: say how long one tick is, for example "tick: 1ms" at the top',
]);
problem(
  "units that do not exist",
  `tick: 4min\nunit: m\n${oneServer(["policy: idling", "period: 10mz", "budget: 2ms"])}`,
  [
    's.yaml:1:7 tick: "4min" has the unit "min"; a unit is ns, us, ms or s',
    's.yaml:2:7 unit: "m" is not one of tick, ns, us, ms, s; did you mean "ms"?',
    's.yaml:8:15 system.servers.vm.period: "10mz" has the unit "mz"; a unit is ns, us, ms or s',
  ],
);
problem("a tick without a unit", `tick: 4\n${oneServer(SERVER)}`, [
  "s.yaml:1:7 tick: 4 is not a length of time with a unit, such as 1ms",
]);
problem("a tick of nothing", `tick: 0s\n${oneServer(SERVER)}`, ["s.yaml:1:7 tick: 0s is not positive"]);
problem("a count with a unit", `tick: 1ms\n${oneServer([...SERVER, "priority: 1ms"])}`, [
  's.yaml:9:17 system.servers.vm.priority: "1ms" is not a whole number, or an expression after "="',
]);
problem(
  "the settings of the run",
  oneServer(SERVER, "seed: 18446744073709551616", "replicates: 0", "name: a/b", "stop: never", "resolution: -1"),
  [
    "s.yaml:8:7 seed: 18446744073709551616 is not a whole number from 0 to 18446744073709551615",
    "s.yaml:9:13 replicates: 0 is not a whole number from 1 to 4294967296",
    's.yaml:10:7 name: "a/b" cannot be a name; it becomes a directory: letters, digits, ".", "_" and "-", at most 100',
    's.yaml:11:7 stop: "never" is not one of horizon, first-miss',
    "s.yaml:12:13 resolution: -1 is not positive",
  ],
);
problem("numbers that are none", oneServer(["policy: idling", "period: .nan", "budget: 1e300"]), [
  "s.yaml:6:15 system.servers.vm.period: .nan is not a finite number",
  "s.yaml:7:15 system.servers.vm.budget: 1e300 has more than 100 digits",
]);
problem("a horizon in hyperperiods", oneServer(SERVER).replace("100", "{ hyperperiod: 3 }"), [
  's.yaml:1:1 horizon.hyperperiods: is missing; it is a whole number, or an expression after "="',
  's.yaml:1:12 horizon.hyperperiod: is not a key of a horizon; did you mean "hyperperiods"?',
]);

problem("names of axes", oneServer(SERVER, "axes: { min: [1], 2x: [1], and: [1] }"), [
  's.yaml:8:9 axes.min: "min" cannot be the name of an axis; it has a meaning in expressions',
  's.yaml:8:19 axes.2x: "2x" cannot be the name of an axis; a name is letters, digits and _, and starts with a letter',
  's.yaml:8:28 axes.and: "and" cannot be the name of an axis; it has a meaning in expressions',
]);
problem(
  "axes named as columns of the tables, beside a broken rule of a cell",
  oneServer(
    ["policy: idling", "period: =cell", "budget: =bound * response_max"],
    "axes: { cell: [2], bound: [1], response_max: [3] }",
  ),
  [
    "s.yaml:7:15 system.servers.vm.budget: 3 exceeds the period 2; a budget is at most its period",
    's.yaml:8:9 axes.cell: "cell" cannot be the name of an axis; it is a column of the results',
    's.yaml:8:20 axes.bound: "bound" cannot be the name of an axis; it is a column of the results',
    's.yaml:8:32 axes.response_max: "response_max" cannot be the name of an axis; it is a column of the results',
  ],
);
problem(
  "more texts than a dictionary takes",
  oneServer(
    [`policy: '=p == "t1" ? "idling" : "polling"'`, "period: 10", "budget: 1"],
    `axes: { p: [${Array.from({ length: 32_768 }, (_, i) => `t${i}`)}] }`,
  ),
  ["s.yaml:8:9 axes.p: 32768 texts are more than the 32767 that an axis can have"],
);
problem("an axis that nothing uses", oneServer(SERVER, "axes: { P: [1, 2] }"), [
  's.yaml:8:9 axes.P: nothing uses this axis, so all its cells would be alike; name it where its values belong, as in "=P"',
]);
problem("values of a list", sweepOverQ("axes: { Q: [1, a, 2ms, 1, true, =P, {}] }"), [
  "s.yaml:8:16 axes.Q[1]: mixes numbers and texts; an axis holds values of one kind",
  "s.yaml:8:19 axes.Q[2]: mixes numbers and durations with a unit; an axis holds values of one kind",
  "s.yaml:8:24 axes.Q[3]: 1 occurs twice; it is already axes.Q[0]",
  "s.yaml:8:27 axes.Q[4]: mixes numbers and texts; an axis holds values of one kind",
  "s.yaml:8:33 axes.Q[5]: a list holds values; an expression is possible in a range, as from, to, step or count",
  "s.yaml:8:37 axes.Q[6]: a map is not a number, a duration or a text",
]);
problem("an axis of no kind", sweepOverQ("axes: { Q: 5 }"), [
  "s.yaml:8:12 axes.Q: 5 is not an axis: a list of values, or a range with from, to and step (or count)",
]);
problem("an empty list", sweepOverQ("axes: { Q: [] }"), [
  "s.yaml:8:12 axes.Q: has no values; an axis needs at least one",
]);
problem("a range without step and count", sweepOverQ("axes: { Q: { from: 1, to: 3 } }"), [
  "s.yaml:8:9 axes.Q: has neither a step nor a count; give one of them",
]);
problem("a range with both", sweepOverQ("axes: { Q: { from: 1, to: 3, step: 1, count: 3 } }"), [
  "s.yaml:8:9 axes.Q: has both a step and a count; give one of them",
]);
problem("a scale with a step", sweepOverQ("axes: { Q: { from: 1, to: 3, step: 1, scale: log } }"), [
  "s.yaml:8:39 axes.Q.scale: goes with count, not with step",
]);
problem("parts of a range", sweepOverQ("axes: { Q: { from: [1], too: 3, count: 2.5, scale: lg } }"), [
  's.yaml:8:9 axes.Q.to: is missing; it is a duration: a number of ticks, or with a unit such as 10ms, or an expression after "="',
  `s.yaml:8:20 axes.Q.from: a list is not ${DURATION}`,
  's.yaml:8:25 axes.Q.too: is not a key of a range; did you mean "to"?',
  "s.yaml:8:40 axes.Q.count: 2.5 is not a whole number",
  's.yaml:8:52 axes.Q.scale: "lg" is not one of linear, log; did you mean "log"?',
]);
problem("a step of 0", sweepOverQ("axes: { Q: { from: 1, to: 3, step: 0 } }"), [
  "s.yaml:8:36 axes.Q.step: 0 leads nowhere; a step is above or below 0",
]);
problem("units of a range", `tick: 1ms\n${sweepOverQ("axes: { Q: { from: 1, to: 3ms, step: 1ms } }")}`, [
  "s.yaml:9:9 axes.Q: mixes numbers and durations; write all of them with a unit, or none",
]);
problem(
  "an axis that comes too late",
  oneServer(["policy: idling", "period: =P", "budget: =Q"], "axes: { Q: { from: 3, to: =P, step: 1 }, P: [1] }"),
  ["s.yaml:8:27 axes.Q.to: the axis P comes too late; a range may name earlier axes only"],
);
