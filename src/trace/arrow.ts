// Format `arrow`: the events as one Arrow table in the IPC file format, uncompressed. A value has the column of its
// meaning; where an event has no such value the column is null.

import { RowWriter } from "../arrow/row-writer.js";
import { unitsOf } from "../numbers/clock.js";
import type { Column } from "../tables/columns.js";
import { EVENT_KINDS, type EventKind, SERVICE_CLASSES, type Service, type TraceEvent, VALUE_NAMES } from "./events.js";
import type { Exporter, Write } from "./exporter.js";
import type { Traced } from "./traced.js";

/** A column, and its number for an event: a time in steps, a count, or an index of its texts; NaN for null. */
interface EventColumn {
  readonly column: Column;
  readonly read: (event: TraceEvent) => number;
}

const VALUES = {
  deadline: "absolute deadline of the job (release, skip, miss)",
  response: "response time of the job (complete)",
  left: "work that the job had left (abort)",
  budget: "budget left of the server from then on (dispatch, stop, replenish, deplete, discard); null without a budget",
} as const;

/** A run in which nobody runs but by a reservation has no column of what there is beyond. */
function columnsOf(traced: Traced): EventColumn[] {
  return [...plainColumnsOf(traced), ...placeColumnsOf(traced), ...(traced.hasClasses ? serviceColumnsOf(traced) : [])];
}

function plainColumnsOf(traced: Traced): EventColumn[] {
  const { unit } = traced.clock;
  const owners = traced.servers.map(({ name, vcpu }) => vcpu?.vm ?? name);
  const servers = [...new Set(owners)];
  const ownerTexts = owners.map((name) => servers.indexOf(name));
  const kinds: readonly EventKind[] = traced.hasClasses
    ? EVENT_KINDS
    : EVENT_KINDS.filter((kind) => kind !== "service");
  const tasks = [...new Set(traced.tasks.map(({ name }) => name))];
  const taskTexts = traced.tasks.map(({ name }) => tasks.indexOf(name));
  const job = { name: "job", description: "number of the job in its task" };
  return [
    { column: { ...time("time", "when it happened", unit), nullable: false }, read: (event) => event.time },
    {
      column: { ...dictionary("kind", "what happened", kinds), nullable: false },
      read: ({ kind }) => kinds.indexOf(kind),
    },
    {
      column: dictionary("server", "server; null for nobody", servers),
      read: ({ server }) => (server < 0 ? Number.NaN : ownerTexts[server]),
    },
    {
      column: dictionary("task", "task, named within its server; null where no job is concerned", tasks),
      read: ({ task }) => (task < 0 ? Number.NaN : taskTexts[task]),
    },
    {
      column: { ...job, type: "int64", role: "id", nullable: true },
      read: (event) => (event.job < 0 ? Number.NaN : event.job),
    },
    ...Object.entries(VALUES).map(([name, description]) => ({
      column: time(name, description, unit),
      read: ({ kind, value }: TraceEvent) => (value === null || VALUE_NAMES[kind] !== name ? Number.NaN : value),
    })),
  ];
}

/** On which CPU, where there are several, and which VCPU of a VM. */
function placeColumnsOf({ cpus, servers }: Traced): EventColumn[] {
  const names = servers.map(({ vcpu }) => vcpu?.name ?? "");
  const texts = [...new Set(names.filter((name) => name !== ""))];
  const cpu = { ...count("cpu", "number of the CPU (dispatch, service, stop)"), role: "id" } as const;
  const vcpu = dictionary("vcpu", "VCPU of the VM, but of events of its jobs; null for a server without vcpus", texts);
  const vcpuOf = ({ server, task, ...event }: TraceEvent) => {
    const isIts = server >= 0 && names[server] !== "" && (task < 0 || event.cpu !== undefined);
    return isIts ? texts.indexOf(names[server]) : Number.NaN;
  };
  return [
    ...(cpus > 1 ? [{ column: cpu, read: (event: TraceEvent) => event.cpu ?? Number.NaN }] : []),
    ...(texts.length > 0 ? [{ column: vcpu, read: vcpuOf }] : []),
  ];
}

/** As what who runs has the CPU from then on (dispatch, service), and credits. */
function serviceColumnsOf(traced: Traced): EventColumn[] {
  const servers = traced.servers.map(({ name }) => name);
  const of = (read: (service: Service) => number) => (event: TraceEvent) =>
    event.service === undefined ? Number.NaN : read(event.service);
  const columns: EventColumn[] = [
    {
      column: dictionary("class", "as what the CPU is had from then on (dispatch, service)", SERVICE_CLASSES),
      read: of((service) => SERVICE_CLASSES.indexOf(service.class)),
    },
    {
      column: count("level", "level of who runs, where its policy has levels (dispatch, service)"),
      read: of(({ level }) => level ?? Number.NaN),
    },
    {
      column: dictionary("payer", "server whose budget is used from then on (dispatch, service)", servers),
      read: of(({ payer }) => (payer < 0 ? Number.NaN : payer)),
    },
  ];
  if (!traced.servers.some(({ paysCredits }) => paysCredits)) return columns;
  const credits = count("credits", "credits that the server has (replenish, deplete); below 0 a debt");
  return [...columns, { column: credits, read: (event) => event.credits ?? Number.NaN }];
}

function count(name: string, description: string): Column {
  return { name, type: "int64", role: "metric", unit: "1", description, nullable: true };
}

function time(name: string, description: string, unit: string): Column {
  return { name, type: "float64", role: "metric", unit, description, nullable: true };
}

function dictionary(name: string, description: string, texts: readonly string[]): Column {
  return { name, type: "dictionary", role: "id", description, nullable: true, texts };
}

/** Writes record batches as the events come. */
export class ArrowExporter implements Exporter {
  private readonly columns: readonly EventColumn[];
  private readonly toUnits: (steps: number) => number;
  private readonly writer: RowWriter;
  private readonly row: Float64Array;

  /** @param metadata of the schema, in the order in which it is written, besides what the trace itself says */
  constructor(traced: Traced, write: Write, metadata: ReadonlyMap<string, string>) {
    this.columns = columnsOf(traced);
    this.toUnits = unitsOf(traced.clock);
    const own: [string, string][] = [
      ["title", traced.title],
      ["unit", traced.clock.unit],
    ];
    const columns = this.columns.map(({ column }) => column);
    this.writer = new RowWriter({ name: "events", columns }, new Map([...own, ...metadata]), write);
    this.row = new Float64Array(columns.length);
  }

  begin(): void {}

  event(event: TraceEvent): void {
    for (let index = 0; index < this.columns.length; index++) {
      const { column, read } = this.columns[index];
      const value = read(event);
      this.row[index] = column.type === "float64" && !Number.isNaN(value) ? this.toUnits(value) : value;
    }
    this.writer.append(this.row);
  }

  end(): void {
    this.writer.end();
  }
}
