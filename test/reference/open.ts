// A scenario, with every default filled in, as a system at time 0. open-servers.ts and open-tasks.ts have its parts.

import { Bandwidth } from "./bandwidth.js";
import { CompletelyFair } from "./fair/cfs.js";
import { EarliestEntitled } from "./fair/eevdf.js";
import type { Fair } from "./fair/fair.js";
import { StartTimeFair } from "./fair/sfq.js";
import { Classes } from "./hosts/classes.js";
import { Credit } from "./hosts/credit.js";
import type { Host } from "./hosts/host.js";
import { SedfHost } from "./hosts/sedf.js";
import { Several } from "./hosts/several.js";
import { Table } from "./hosts/table.js";
import { openServers } from "./open-servers.js";
import { openTasks } from "./open-tasks.js";
import type { World } from "./state.js";
import type { AnyScenario } from "./types.js";

/** The system at time 0, before anything has happened. */
export function openWorld(scenario: AnyScenario): World {
  const given = scenario.host ?? {};
  const { cpus = 1 } = given;
  const reclaims = scenario.servers.some((server) => server.reclaim === true);
  const world = {
    horizon: scenario.horizon,
    warmup: scenario.warmup ?? 0,
    stopsAtFirstMiss: scenario.stop === "first-miss",
    hostSwitch: given.host_switch ?? 0,
    guestSwitch: given.guest_switch ?? 0,
    hostMigration: given.host_migration ?? 0,
    guestMigration: given.guest_migration ?? 0,
    releaseCost: given.release_cost ?? 0,
    replenishCost: given.replenish_cost ?? 0,
    bandwidth: reclaims ? new Bandwidth(scenario) : null,
    cpus,
    countsCpus: given.cpus !== undefined || scenario.servers.some(({ vcpus }) => vcpus !== undefined),
    servers: [],
    listed: [],
    tasks: [],
    now: 0,
    runs: [],
    pieces: [],
    lastOn: Array.from({ length: cpus }, () => null),
    switches: Array.from({ length: cpus }, () => 0),
    overhead: 0,
    instant: { releases: 0, replenishments: 0 },
  } as unknown as World;
  const vms = openServers(world, scenario);
  openTasks(world, scenario, vms);
  return Object.assign(world, { host: openHost(world, scenario) });
}

function openHost(world: World, scenario: AnyScenario): Host {
  const given = scenario.host ?? {};
  const isTree = world.servers.some(({ parent }) => parent !== null);
  const hasSeveral = world.cpus > 1 || isTree || scenario.servers.some(({ vcpus }) => vcpus !== undefined);
  switch (given.scheduler) {
    case "table":
      return new Table(world, given);
    case "sedf":
      return new SedfHost(world, given.extra_quantum!);
    case "credit":
      return new Credit(world, given, scenario.servers);
    default:
      if (hasSeveral) return new Several(world, given.scheduler ?? "fp");
      return new Classes(world, given.scheduler ?? "fp", openFair(world, scenario));
  }
}

function openFair(world: World, scenario: AnyScenario): Fair | null {
  const given = scenario.host?.fair;
  const servers = world.servers.filter((server) => server.isFairMember);
  switch (given?.algorithm) {
    case undefined:
      return null;
    case "sfq":
      return new StartTimeFair(servers, given.quantum);
    case "cfs":
      return new CompletelyFair(servers, given);
    case "eevdf":
      return new EarliestEntitled(servers, given);
  }
}
