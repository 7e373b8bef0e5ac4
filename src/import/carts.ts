// A system of CARTS, the compositional analysis of the University of Pennsylvania (Phan, Lee, Easwaran, Ramaswamy, Chen, Lee and
// Sokolsky, 2011): components with their tasks, as idling servers of the periodic resource model. Times have no unit: ticks.

import { Fraction } from "fraction.js";
import { parseNumber } from "../numbers/durations.js";
import type { ForeignFile } from "./import.js";
import type { ImportedServer, ImportedSystem, ImportedTask } from "./sweep-text.js";
import { childOf, childrenOf, type Element, isZero, readXml, ValueReader } from "./xml.js";

export function isComponents(root: string | undefined): boolean {
  return root === "system";
}

/** @throws InvalidInput with every value that cannot be read */
export function importComponents(source: ForeignFile): ImportedSystem {
  return new ComponentImport(source.file).system(readXml(source));
}

class ComponentImport {
  private readonly values: ValueReader;
  private readonly remarks: string[];

  constructor(private readonly file: string) {
    this.values = new ValueReader(file);
    this.remarks = [
      `From ${file}, a system of CARTS; times are ticks.`,
      'The file names no policy; "idling" is the server of the periodic resource model.',
    ];
  }

  system(root: Element): ImportedSystem {
    const own = childrenOf(root, "task");
    const servers = childrenOf(root, "component").flatMap((component) => this.component(component));
    if (own.length > 0) servers.push(this.alone(root, own));
    if (servers.length === 0) this.values.say("holds no component with tasks", root.line);
    this.values.throwIfAny();
    const scheduler = root.attributes.os_scheduler ?? root.attributes.scheduler ?? "";
    const host = /edf/i.test(scheduler) ? "edf" : "fp";
    if (host === "fp" && !/^(RM|DM)$/i.test(scheduler))
      this.remarks.push(
        `Host fp for os_scheduler ${scheduler || "unsaid"}: servers have the priority of their place, the first the highest.`,
      );
    else if (host === "fp") servers.splice(0, Infinity, ...byPeriod(servers));
    return {
      name: "imported",
      remarks: this.remarks,
      horizon: "{ hyperperiods: 10, at_most: 10000000 }",
      host,
      servers,
    };
  }

  /** The leaves of a tree of components. */
  private component(component: Element): ImportedServer[] {
    const inner = childrenOf(component, "component");
    const name = component.attributes.name ?? "";
    if (name === "") this.values.say("a component has no name", component.line);
    const tasks = childrenOf(component, "task");
    if (inner.length === 0) return [this.server(component, name, tasks)];
    this.remarks.push(`Not taken over: component ${name}, which holds others; those are beside each other.`);
    if (tasks.length > 0) this.values.say(`component ${name} holds tasks and components`, component.line);
    return inner.flatMap((each) => this.component(each));
  }

  private server({ attributes, line, ...element }: Element, name: string, tasks: readonly Element[]): ImportedServer {
    const models = childrenOf(childOf({ attributes, line, ...element }, "resource"), "model");
    const model = models[0]?.attributes;
    if (Number(model?.cpus ?? 1) > 1)
      this.values.say(`the interface of ${name} has ${model!.cpus} cpus, and one CPU is imported`, models[0].line);
    if (models.length > 1)
      this.remarks.push(
        `Of the ${models.length} interfaces of ${name} it has the first; each is a period and a budget.`,
      );
    const read = tasks.map((task) => this.task(task));
    const period = this.values.number(
      model?.period ?? attributes.period ?? attributes.min_period,
      `period of ${name}`,
      line,
    );
    const given = model?.execution_time ?? model?.budget;
    const budget = given === undefined ? period : this.values.number(given, `execution_time of ${name}`, line);
    if (given === undefined)
      this.remarks.push(
        `The budget of ${name} is not in the file: it is the whole period. replenish design finds the least one.`,
      );
    if (model?.deadline !== undefined && !this.areEqual(model.deadline, period))
      this.remarks.push(`Not taken over: deadline of the interface of ${name}, ${model.deadline}.`);
    if (attributes.max_period !== undefined && !this.areEqual(attributes.max_period, period))
      this.remarks.push(`Not taken over: max_period of ${name}, ${attributes.max_period}; the period is ${period}.`);
    return {
      ...{ name, origin: { file: this.file, line } },
      fields: [
        ["policy", "idling"],
        ["period", period],
        ["budget", budget],
        ...this.scheduler(attributes.scheduler ?? attributes.algorithm, name),
      ],
      tasks: read,
    };
  }

  /** Tasks of the system itself, without a component. */
  private alone(root: Element, tasks: readonly Element[]): ImportedServer {
    const origin = { file: this.file, line: root.line };
    return { name: "os", origin, fields: [["policy", "dedicated"]], tasks: tasks.map((task) => this.task(task)) };
  }

  private scheduler(name: string | undefined, component: string): [string, string][] {
    if (/edf/i.test(name ?? "")) return [["scheduler", "edf"]];
    if (/^DM/i.test(name ?? "")) return [["priorities", "dm"]];
    if (!/^RM/i.test(name ?? ""))
      this.remarks.push(
        `Not taken over: the scheduler ${name ?? ""} of ${component}; rate monotonic priorities stand for it.`,
      );
    return [];
  }

  private task({ attributes, line }: Element): ImportedTask {
    const name = attributes.name ?? "";
    if (name === "") this.values.say("a task has no name", line);
    const number = (key: string, text: string | undefined) => this.values.number(text, `${key} of ${name}`, line);
    const period = number("p", attributes.p ?? attributes.period);
    const deadline = attributes.d ?? attributes.deadline;
    const wcet = number("e", attributes.e ?? attributes.exec ?? attributes.execution_time);
    for (const key of ["cs", "delta_r", "delta_c"])
      if (!isZero(attributes[key])) this.remarks.push(`Not taken over: ${key} of ${name}, ${attributes[key]}.`);
    const isImplicit = deadline === undefined || this.areEqual(deadline, period);
    const own = isImplicit ? [] : [["deadline", number("d", deadline)] as const];
    return { name, origin: { file: this.file, line }, fields: [["period", period], ["wcet", wcet], ...own] };
  }

  private areEqual(a: string, b: string): boolean {
    try {
      return parseNumber(a).equals(parseNumber(b) ?? new Fraction(0));
    } catch {
      return false; // the number itself is a problem
    }
  }
}

/** With priorities by period, the shortest first; among equal ones by place. One without a period comes last. */
function byPeriod(servers: readonly ImportedServer[]): ImportedServer[] {
  const periodOf = ({ fields }: ImportedServer) => fields.find(([field]) => field === "period")?.[1];
  const isBefore = (one: ImportedServer, other: ImportedServer) => {
    const [own, its] = [periodOf(one), periodOf(other)];
    if (own === undefined || its === undefined) return own !== undefined;
    const order = parseNumber(own).compare(parseNumber(its));
    return order < 0 || (order === 0 && servers.indexOf(one) < servers.indexOf(other));
  };
  return servers.map((server) => {
    const above = servers.filter((each) => each !== server && isBefore(each, server)).length;
    return { ...server, fields: [...server.fields, ["priority", String(1 + above)]] };
  });
}
