// The list of commands.

import { analyze } from "./analyze.js";
import { check } from "./check.js";
import type { Command } from "./command.js";
import { completion } from "./completion.js";
import { describe } from "./describe.js";
import { design } from "./design.js";
import { diff } from "./diff.js";
import { explore } from "./explore.js";
import { exportTables } from "./export.js";
import { fit } from "./fit.js";
import { help } from "./help.js";
import { importFiles } from "./import.js";
import { init } from "./init.js";
import { merge } from "./merge.js";
import { plan } from "./plan.js";
import { plot } from "./plot.js";
import { report } from "./report.js";
import { run } from "./run.js";
import { scenario } from "./scenario.js";
import { schema } from "./schema.js";
import { simulate } from "./simulate.js";
import { submit } from "./submit.js";
import { trace } from "./trace.js";
import { verify } from "./verify.js";

/** In the order in which --help shows them. */
export const COMMANDS: readonly Command<never>[] = [
  init,
  run,
  check,
  plan,
  simulate,
  scenario,
  analyze,
  trace,
  design,
  plot,
  exportTables,
  report,
  explore,
  describe,
  merge,
  verify,
  diff,
  submit,
  fit,
  importFiles,
  schema,
  completion,
  help,
];
