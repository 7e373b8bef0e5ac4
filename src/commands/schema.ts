// replenish schema

import type { Command } from "./command.js";

export const schema: Command = {
  usage: "schema",
  help: "print the JSON Schema of a sweep, with which an editor completes and checks one",
  options: {},
  examples: ["replenish schema > sweep.schema.json"],
  run: async () => (await import("./bodies/schema.js")).schemaCommand(),
};
