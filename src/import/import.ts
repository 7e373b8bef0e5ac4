// From files of other tools to the text of a sweep.

import { InvalidInput } from "../input/problem.js";
import { importComponents, isComponents } from "./carts.js";
import { importModel, isModel } from "./cheddar.js";
import { importTables, isTable } from "./csv.js";
import { importWorkload, isWorkload } from "./rt-app.js";
import { importSimulation, isSimulation } from "./simso.js";
import { type ImportedSweep, type ImportedSystem, sweepText } from "./sweep-text.js";
import { rootOf } from "./xml.js";

/** A file of another tool. */
export interface ForeignFile {
  readonly file: string;
  readonly text: string;
}

const ALONE = "a workload of rt-app is imported alone, without other files";
const XML_ALONE = "an XML file is imported alone, without other files";
const NEITHER =
  'is neither a workload of rt-app (JSON with "tasks"), nor a table of comma separated values whose first line names its columns, nor XML of SimSo (<simulation>), CARTS (<system>) or Cheddar (<cheddar>)';

/**
 * The text of a sweep with the system of some files.
 * @param files one workload of rt-app, one XML file, or tables of comma separated values
 * @param core the core to take, where there are several
 * @throws InvalidInput with every problem of the files
 */
export function importSystem(files: readonly ForeignFile[], core?: string): ImportedSweep {
  const xml = files.length === 1 ? importXml(files[0], core) : undefined;
  if (xml !== undefined) return sweepText(xml);
  if (files.length === 1 && isWorkload(files[0].text)) return sweepText(importWorkload(files[0]));
  const others = files.filter(({ text }) => !isTable(text));
  if (others.length === 0) return sweepText(importTables(files, core));
  throw new InvalidInput(
    others.map(({ file, text }) => ({
      file,
      path: "",
      text: isWorkload(text) ? ALONE : isKnown(rootOf(text)) ? XML_ALONE : NEITHER,
    })),
  );
}

/** Undefined for what is no XML file of a known tool. */
function importXml(file: ForeignFile, core: string | undefined): ImportedSystem | undefined {
  const root = rootOf(file.text);
  if (isSimulation(root)) return importSimulation(file);
  if (isComponents(root)) return importComponents(file);
  return isModel(root) ? importModel(file, core) : undefined;
}

function isKnown(root: string | undefined): boolean {
  return isSimulation(root) || isComponents(root) || isModel(root);
}
