// A design as text: for each server its curve as table and plot, then the choice, then the settings of real schedulers.

import { countOf } from "../numbers/counts.js";
import { alignColumns, formatNumber, formatTime } from "../report/format.js";
import type { Deployment } from "./deploy/index.js";
import { onOneLine } from "./deploy/names.js";
import { plotLines } from "./plot.js";
import type { DesignChoice, DesignPoint, DesignResult, DesignServer, HostPart } from "./result.js";

/** Points of a curve in its table; all of them are in the plot, in JSON and in Arrow. */
const POINTS_SHOWN = 20;

/** The text of a design, for a terminal of so many columns. */
export function designLines(result: DesignResult, columns: number): string[] {
  const { host } = result;
  return [
    ...(host === undefined ? allServerLines(result, columns) : []),
    ...(host === undefined ? choiceLines(result) : hostLines(result, host)),
    ...result.deploy.flatMap((deployment) => ["", ...deploymentLines(deployment)]),
  ];
}

/** Of each server what is known of it; what keeps all of them from a budget is said once. */
function allServerLines(result: DesignResult, columns: number): string[] {
  const { servers } = result;
  const [first] = servers;
  const isOne =
    servers.length > 1 && servers.every(({ periods, reason }) => periods === null && reason === first.reason);
  if (isOne) return [`${servers.map(({ name }) => onOneLine(name)).join(", ")}: ${onOneLine(first.reason!)}`, ""];
  return servers.flatMap((server) => [...serverLines(server, result, columns), ""]);
}

function serverLines(server: DesignServer, result: DesignResult, columns: number): string[] {
  const { name, policy, scheduler, periods, best, best_with_switch, curve, reason } = server;
  const head = `${onOneLine(name)}: ${policy}, guest ${scheduler}`;
  if (periods === null) return [`${head}: ${onOneLine(reason!)}`];
  const { unit } = result;
  const range = `periods ${formatNumber(periods.from)} to ${formatNumber(periods.to)} by ${formatTime(periods.step, unit, 6)}`;
  if (reason !== null) return [`${head}, ${range}: ${reason}`];
  const hasSwitch = result.switch > 0;
  const withSwitch = `(budget + ${formatNumber(result.switch)}) / period`;
  const plot = plotLines(
    curve.map(({ period, bandwidth, bandwidth_with_switch }) => ({
      x: period,
      y: bandwidth,
      second: hasSwitch ? bandwidth_with_switch : null,
    })),
    {
      title: "least budget / period",
      xTitle: `period (${unit})`,
      second: hasSwitch ? withSwitch : undefined,
      columns,
    },
  );
  return [
    `${head}, ${range}`,
    `  best period: ${bestText(curve, best, unit)}`,
    ...(hasSwitch ? [`  with a switch: ${bestText(curve, best_with_switch, unit)}`] : []),
    "",
    ...curveTable(server, result).map((line) => `  ${line}`),
    "",
    ...plot,
  ];
}

function bestText(curve: readonly DesignPoint[], best: number | null, unit: string): string {
  const point = curve.find(({ period }) => period === best)!;
  return `${formatNumber(point.period, 12)} with budget ${formatTime(point.budget!, unit)}: bandwidth ${ratioText(point.bandwidth)}`;
}

function curveTable({ curve, best, best_with_switch }: DesignServer, result: DesignResult): string[] {
  const every = Math.ceil(curve.length / POINTS_SHOWN);
  const shown = curve.filter(
    ({ period }, i) => i % every === 0 || i === curve.length - 1 || period === best || period === best_with_switch,
  );
  const hasSwitch = result.switch > 0;
  const rows = shown.map((point) => [
    formatNumber(point.period, 12),
    timeText(point.budget),
    timeText(point.blackout),
    ratioText(point.bandwidth),
    ...(hasSwitch ? [ratioText(point.bandwidth_with_switch)] : []),
    markOf(point, best, hasSwitch ? best_with_switch : null),
  ]);
  const { unit } = result;
  const head = [`period (${unit})`, `least budget (${unit})`, `blackout (${unit})`, "budget/period"];
  return alignColumns(
    [[...head, ...(hasSwitch ? ["with switch"] : []), ""], ...rows],
    [true, true, true, true, ...(hasSwitch ? [true] : []), false],
  );
}

function markOf({ period }: DesignPoint, best: number | null, bestWithSwitch: number | null): string {
  if (period === best) return period === bestWithSwitch ? "best, also with a switch" : "best";
  return period === bestWithSwitch ? "best with a switch" : "";
}

function choiceLines({ choice, servers, unit, switch: switchCost }: DesignResult): string[] {
  if (choice === null) {
    const isOpen = servers.some(({ periods }) => periods !== null);
    return [
      isOpen ? "No choice of periods and budgets was found that is sure to keep every deadline." : "Nothing to choose.",
    ];
  }
  return [
    `Chosen for all servers together: bandwidth ${ratioText(choice.bandwidth)}, ${proofText(choice, switchCost)}`,
    ...chosenTable(choice, unit),
    "",
    ...confirmationLines(choice, unit),
  ];
}

function chosenTable({ servers }: DesignChoice, unit: string): string[] {
  const hasCpus = servers.some(({ cpu }) => cpu !== undefined);
  const rows = servers.map(({ name, cpu, policy, priority, period, budget }) => [
    onOneLine(name),
    ...(hasCpus ? [String(cpu)] : []),
    policy,
    String(priority),
    timeText(period),
    timeText(budget),
    period === null || budget === null ? "-" : ratioText(budget / period),
  ]);
  const times = [`period (${unit})`, `budget (${unit})`, "budget/period"];
  const head = ["server", ...(hasCpus ? ["CPU"] : []), "policy", "priority", ...times];
  const right = [false, ...(hasCpus ? [true] : []), false, true, true, true, true];
  return alignColumns([head, ...rows], right).map((line) => `  ${line}`);
}

/** The answer for several CPUs: where each server is, and what that leaves of each CPU. */
function hostLines(result: DesignResult, host: HostPart): string[] {
  const { choice, unit, switch: switchCost, servers } = result;
  if (choice === null) return misfitLines(host);
  const { cpus, method, affinity } = host;
  const withSwitch = switchCost === 0 ? "" : `, with the switch ${ratioText(choice.bandwidth_with_switch)}`;
  const proof = choice.optimal
    ? `the least of all placements${affinity ? " that affinity allows," : ""} with these periods; of equals the most even one, of these the first`
    : "sufficient, not proved to be the least";
  const rows = choice.cpus!.map((cpu) => [
    String(cpu.cpu),
    ratioText(cpu.bandwidth_with_switch),
    ratioText(cpu.left),
    cpu.servers.length === 0 ? "-" : cpu.servers.map(onOneLine).join(", "),
  ]);
  return [
    `${countOf(servers.length, "server")} on ${countOf(cpus, "CPU")} by ${method}: bandwidth ${ratioText(choice.bandwidth)}${withSwitch}, ${proof}`,
    ...chosenTable(choice, unit),
    "",
    ...alignColumns([["CPU", "taken", "left", "servers"], ...rows], [true, true, true, false]).map(
      (line) => `  ${line}`,
    ),
    "",
    ...confirmationLines(choice, unit),
  ];
}

function misfitLines({ cpus, method, affinity, alone, misfits }: HostPart): string[] {
  if (alone.length > 0)
    return alone.map(
      ({ name, reason }) => `${onOneLine(name)} cannot be placed on any CPU, even alone: ${onOneLine(reason)}`,
    );
  return misfits.map(({ servers, cpus: own, unplaced, ...known }) => {
    const who = affinity ? servers.map(onOneLine).join(", ") : countOf(servers.length, "server");
    const where = affinity ? `CPU ${own.join(", ")}` : countOf(cpus, "CPU");
    const least = `together they take at least ${ratioText(known.bandwidth_at_least)} CPUs`;
    const place = unplaced === null ? "" : `, no place for ${onOneLine(unplaced)}`;
    return known.proved
      ? `${who} do not fit on ${where} with these periods (${method}${place}): ${least}, and ${known.least_cpus} CPUs are the least that do.`
      : `No placement of ${who} on ${where} was found (${method}${place}; not proved that there is none): ${least}, and one on ${known.least_cpus} CPUs was found.`;
  });
}

/** What the choice is the least of: with a switch, what budgets and switches take together. */
function proofText({ optimal, bandwidth_with_switch }: DesignChoice, switchCost: number): string {
  const proof = optimal ? "the least of all with these periods" : "sufficient, not proved to be the least";
  if (switchCost === 0) return proof;
  const tie = optimal ? "; of equals, longer periods come first" : "";
  return `with the switch ${ratioText(bandwidth_with_switch)}: ${proof}${tie}`;
}

function confirmationLines({ confirmed }: DesignChoice, unit: string): string[] {
  const { holds, horizon, tasks } = confirmed;
  const rows = tasks.map((task) => [
    onOneLine(`${task.server}/${task.name}`),
    timeText(task.response_bound),
    timeText(task.response_max),
    String(task.released),
    String(task.missed),
  ]);
  const head = ["task", `response bound (${unit})`, "simulated", "jobs", "missed"];
  return [
    `Simulated for ${formatTime(horizon, unit)}: ${holds ? "no deadline was missed, and no response exceeds its bound" : "THE BOUNDS DO NOT HOLD"}`,
    ...alignColumns([head, ...rows], [false, true, true, true, true]).map((line) => `  ${line}`),
  ];
}

function deploymentLines({ title, unit, settings, warnings }: Deployment): string[] {
  return [
    `${title} (${unit})`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...settings.map((line) => `  ${line}`),
  ];
}

function timeText(time: number | null): string {
  return time === null ? "-" : formatNumber(time, 12);
}

function ratioText(value: number | null): string {
  return value === null ? "-" : formatNumber(value, 4);
}
