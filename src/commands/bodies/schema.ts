// replenish schema: the structure of a sweep for editors. What depends on values, `replenish check` says.

import { z } from "zod";
import { EXIT } from "../../input/exit.js";
import { sweepSchema } from "../../sweep/schema.js";

/** @returns the exit code */
export function schemaCommand(): number {
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(sweepSchema), null, 2)}\n`);
  return EXIT.done;
}
