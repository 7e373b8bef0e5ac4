// replenish completion <shell>

import type { Command, OptionRecord, ValuesOf } from "./command.js";

const options = {
  shell: { type: "string", demandOption: true, choices: ["bash", "zsh", "fish"] as const, describe: "which shell" },
} as const satisfies OptionRecord;

export type CompletionOptions = ValuesOf<typeof options>;

export const completion: Command<CompletionOptions> = {
  usage: "completion <shell>",
  runsNothing: true,
  help: "print what makes a shell complete commands, options and their values",
  options,
  epilogue: `bash: eval "$(replenish completion bash)" in ~/.bashrc
zsh:  eval "$(replenish completion zsh)" in ~/.zshrc, after compinit
fish: replenish completion fish > ~/.config/fish/completions/replenish.fish`,
  examples: ["replenish completion bash"],
  run: async (values) => {
    const [{ completionCommand }, { COMMANDS }] = await Promise.all([
      import("./bodies/completion.js"),
      import("./list.js"),
    ]);
    return await completionCommand(values, COMMANDS);
  },
};
