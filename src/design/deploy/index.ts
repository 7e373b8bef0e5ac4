// Deployment: a design -> the settings of real schedulers, as text. Pure.

import { withoutBounds } from "../../analysis/policies.js";
import type { System } from "../../model/system.js";
import { arinc653 } from "./arinc653.js";
import { cgroup, docker, libvirt, systemd } from "./bandwidth-limit.js";
import { type ChosenSystem, hasBudget, type Mechanism, NothingToSet, type Settings } from "./deployment.js";
import { kubelet } from "./kubelet.js";
import { onOneLine } from "./names.js";
import { rtApp } from "./rt-app.js";
import { rtGroup } from "./rt-group.js";
import { schedDeadline } from "./sched-deadline.js";
import { type DeployUnit, DoesNotFit, inDeployUnit } from "./units.js";
import { xenRtds } from "./xen-rtds.js";

export type { ChosenSystem } from "./deployment.js";

/** Every mechanism by the name that the command line knows it by. */
const MECHANISMS = {
  "sched-deadline": schedDeadline,
  "rt-group": rtGroup,
  libvirt,
  cgroup,
  docker,
  systemd,
  kubelet,
  "xen-rtds": xenRtds,
  arinc653,
  "rt-app": rtApp,
} as const satisfies Readonly<Record<string, Mechanism>>;

export type MechanismName = keyof typeof MECHANISMS;

export const MECHANISM_NAMES = Object.keys(MECHANISMS) as readonly MechanismName[];

/**
 * Whether a system can be deployed as it is: nothing is proved of it, so that nothing can be chosen, but it says its budgets.
 */
export function isDeployableAsGiven(system: System): boolean {
  return withoutBounds(system).length > 0 && system.host.scheduler !== "table";
}

/**
 * The same of a system as it was given, of which nothing is proved.
 * @param cpus how many CPUs its host has
 */
export function deployAsGiven(chosen: ChosenSystem, mechanism: MechanismName, cpus = 1): Deployment {
  const deployment = deploy(chosen, mechanism);
  const isSet = deployment.settings.length > 0 && chosen.system.servers.some(hasBudget);
  const asGiven = "the budgets are those that were given: nothing is proved of this system, and nothing was chosen";
  const onOne = `the host has ${cpus} CPUs, and the file does not say which server has which: all is said as of one CPU`;
  const isOpen = cpus > 1 && chosen.pins === undefined;
  return { ...deployment, warnings: [...(isSet ? [asGiven] : []), ...(isOpen ? [onOne] : []), ...deployment.warnings] };
}

/** The settings of one mechanism. */
export interface Deployment extends Settings {
  readonly mechanism: MechanismName;
  readonly title: string;
  /** The unit of the numbers in the settings. */
  readonly unit: DeployUnit;
}

/**
 * The settings that give each server of a design its period and budget, in the mechanism's unit: budgets rounded up,
 * periods down.
 * @returns without settings, and with the reason as a warning, where the mechanism cannot do it
 */
export function deploy({ system, step, pins }: ChosenSystem, mechanism: MechanismName): Deployment {
  const { title, unit, settingsOf } = MECHANISMS[mechanism];
  try {
    const { settings, warnings } = settingsOf(inDeployUnit(system, step, unit), pins);
    return { mechanism, title, unit, settings, warnings: warnings.map(onOneLine) };
  } catch (error) {
    if (error instanceof NothingToSet)
      return { mechanism, title, unit, settings: [], warnings: [onOneLine(error.message)] };
    if (!(error instanceof DoesNotFit)) throw error;
    return { mechanism, title, unit, settings: [], warnings: [onOneLine(`not possible: ${error.message}`)] };
  }
}
