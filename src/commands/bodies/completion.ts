// replenish completion: a script for a shell, made from the list of commands. It starts no process while it completes.

import { EXIT } from "../../input/exit.js";
import { type Command, type Option, optionsOf, positionalsOf } from "../command.js";
import type { CompletionOptions } from "../completion.js";
import { print } from "../print.js";

/** A command as a shell knows it. */
interface Entry {
  readonly name: string;
  readonly help: string;
  readonly options: readonly {
    readonly flag: string;
    readonly help: string;
    readonly choices: readonly string[];
    readonly takes: boolean;
  }[];
  /** What may stand after the command, where that is one of some words. */
  readonly words: readonly string[];
}

/** @returns the exit code */
export async function completionCommand(
  { shell }: CompletionOptions,
  commands: readonly Command<never>[],
): Promise<number> {
  const entries = await Promise.all(commands.map((command) => entryOf(command as Command)));
  await print({ bash, zsh, fish }[shell](entries));
  return EXIT.done;
}

async function entryOf(command: Command): Promise<Entry> {
  const positionals = positionalsOf(command);
  const all = Object.entries(await optionsOf(command));
  const choicesOf = ({ choices, offers = [] }: Option) => (choices ?? offers).map(String);
  return {
    name: command.usage.split(" ")[0],
    help: command.help,
    words: all.flatMap(([name, option]) => (positionals.includes(name) ? choicesOf(option) : [])),
    options: all
      .filter(([name]) => !positionals.includes(name))
      .map(([name, option]) => ({
        flag: `--${name}`,
        help: option.describe,
        choices: choicesOf(option),
        takes: option.type !== "boolean",
      })),
  };
}

/** A text between single quotes of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bash(entries: readonly Entry[]): string {
  const flags = entries.map(
    ({ name, options }) => `    ${name}) flags=${quoted(options.map(({ flag }) => flag).join(" "))} ;;`,
  );
  const words = entries
    .filter((entry) => entry.words.length > 0)
    .map((entry) => `    ${entry.name}) words=${quoted(entry.words.join(" "))} ;;`);
  const values = entries.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ flag, choices }) => `    ${quoted(`${name} ${flag}`)}) words=${quoted(choices.join(" "))} ;;`),
  );
  return `# Completion of replenish for bash, also under zsh's bashcompinit.
_replenish() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} flags= words=
  COMPREPLY=()
  # Of --option=value bash makes three words.
  if [ "$current" = = ]; then current=
  elif [ "$previous" = = ]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(`${entries.map(({ name }) => name).join(" ")} --help --version`)} -- "$current"))
    return
  fi
  case "$command $previous" in
${values.join("\n")}
  esac
  if [ -z "$words" ]; then case "$command" in
${words.join("\n")}
  esac; fi
  case "$command" in
${flags.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags --help" -- "$current")) ;;
    *) if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); return; fi
      compopt -o filenames 2>/dev/null # words that are no files are shown whole
      COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _replenish replenish
`;
}

function zsh(entries: readonly Entry[]): string {
  // In a description ":" and "[" "]" would end it.
  const plain = (text: string) => text.replace(/[:[\]]/g, " ");
  const list = entries.map(({ name, help }) => `    ${quoted(`${name}:${plain(help)}`)}`);
  const cases = entries.map(({ name, options, words }) => {
    const specs = options.map(({ flag, help, choices, takes }) => {
      const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : takes ? ":value:_files" : "";
      return quoted(`*${flag}[${plain(help)}]${value}`);
    });
    const rest = quoted(words.length > 0 ? `*:value:(${words.join(" ")})` : "*:file:_files");
    return `    ${name}) _arguments '--help[show the options]' ${[...specs, rest].join(" ")} ;;`;
  });
  return `#compdef replenish
# Completion of replenish for zsh.
_replenish() {
  local -a commands
  commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
compdef _replenish replenish
`;
}

function fish(entries: readonly Entry[]): string {
  const q = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const lines = entries.flatMap(({ name, help, options, words }) => {
    const here = q(`__fish_seen_subcommand_from ${name}`);
    return [
      `complete -c replenish -n __fish_use_subcommand -f -a ${name} -d ${q(help)}`,
      ...options.map(({ flag, help: text, choices, takes }) => {
        const value = choices.length > 0 ? ` -x -a ${q(choices.join(" "))}` : takes ? " -r" : "";
        return `complete -c replenish -n ${here} -l ${flag.slice(2)}${value} -d ${q(text)}`;
      }),
      ...(words.length > 0 ? [`complete -c replenish -n ${here} -f -a ${q(words.join(" "))}`] : []),
    ];
  });
  return `# Completion of replenish for fish.\n${lines.join("\n")}\n`;
}
