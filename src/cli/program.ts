/** The command line's grammar: commands, help, and errors of usage. Only the command at hand is loaded. */
import { Command, CommanderError, Option } from "commander";
import { closest } from "../util/closest.js";
import { commandPath } from "./command-path.js";
import { EXIT_USAGE, UsageError } from "./exit.js";

/** A command's module adds its arguments and flags, and gives back what runs after parsing. */
export interface CommandModule {
  define(command: Command): (args: readonly string[], version: string) => Promise<number>;
}

/** The module of a command that only has commands of its own, as `quire bench` has. */
export interface CommandGroup {
  readonly commands: CommandTable;
}

/** Commands by name. */
export type CommandTable = Readonly<
  Record<string, readonly [description: string, load: () => Promise<CommandModule | CommandGroup>]>
>;

const COMMANDS: CommandTable = {
  generate: ["Generate text from a prompt, streamed to standard output.", () => import("./commands/generate.js")],
  chat: ["Talk to a model in the terminal.", () => import("./commands/chat.js")],
  serve: ["Serve a model over the OpenAI API.", () => import("./commands/serve.js")],
  bench: ["Measure a model or a server: latency, throughput, serve, startup.", () => import("./commands/bench.js")],
  inspect: ["Show a model's parameters, sizes and memory needs.", () => import("./commands/inspect.js")],
  check: [
    "Check a model: weights, batches, shards, platforms; or against a reference.",
    () => import("./commands/check.js"),
  ],
  demo: ["Let the bundled model speak, then serve it; npm start runs this.", () => import("./commands/demo.js")],
  "run-batch": [
    "Answer a file of requests in OpenAI's batch form, without a server.",
    () => import("./commands/run-batch.js"),
  ],
  "collect-env": [
    "Print what a report of a fault needs to know of this machine.",
    () => import("./commands/collect-env.js"),
  ],
  "new-model": ["Write a package to begin a model in, from a built-in one.", () => import("./commands/new-model.js")],
  download: ["Download a model from the hub into the cache.", () => import("./commands/download.js")],
};

/**
 * Parses and runs.
 *
 * @returns the exit code
 * @throws UsageError for a wrong command line; whatever the command throws
 */
export async function run(argv: readonly string[], version: string): Promise<number> {
  let args = argv.map(withDashes);
  if (args[0] === "help") args = [...args.slice(1), "--help"];
  const program = new Command("quire")
    .description("Run and serve large language models from TypeScript.")
    .helpCommand(false)
    .version(version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Print this help.");
  let code = 0;
  const chosen = await addCommands(
    program,
    COMMANDS,
    args.filter((arg) => !arg.startsWith("-")),
    async (command, execute) => void (code = await execute(command.args, version)),
  );
  const isGroup = chosen.commands.length > 0;
  const topic = args.map((arg) => /^--help=(.*)$/.exec(arg)?.[1]).find((value) => value !== undefined);
  if (topic !== undefined && chosen !== program) {
    process.stdout.write(isGroup ? chosen.helpInformation() : topicHelp(chosen, topic));
    return 0;
  }
  quiet(program);
  const isBare = isGroup && args.join(" ") === commandPath(chosen).slice(1).join(" ");
  if (isBare) {
    process.stderr.write(chosen.helpInformation());
    return EXIT_USAGE;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw await usageError(error, chosen);
  }
  return code;
}

type Execute = ReturnType<CommandModule["define"]>;

/**
 * Adds the table's commands; the one that `words` begins with is loaded, and in a group the next word's.
 * @returns the innermost command that was chosen
 */
async function addCommands(
  parent: Command,
  table: CommandTable,
  words: readonly string[],
  action: (command: Command, execute: Execute) => Promise<void>,
): Promise<Command> {
  let chosen = parent;
  for (const [name, [description, load]] of Object.entries(table)) {
    const command = parent.command(name).description(description).helpCommand(false);
    command
      .optionsGroup("Command:")
      .helpOption("-h, --help", "Print this help; --help=GROUP one group, --help=FLAG flags like it.");
    if (name !== words[0]) continue;
    const loaded = await load();
    if ("commands" in loaded) {
      command.helpOption("-h, --help", "Print this help.");
      chosen = await addCommands(command, loaded.commands, words.slice(1), action);
      continue;
    }
    const execute = loaded.define(command);
    command.addOption(new Option("--debug", "Print the stack with errors. Environment: QUIRE_DEBUG."));
    command.action(() => action(command, execute));
    chosen = command;
  }
  return chosen;
}

/** Errors are thrown and told by us, in this command and those below it. */
function quiet(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError(false);
  for (const child of command.commands) quiet(child);
}

/** --max_model_len is --max-model-len. */
function withDashes(arg: string): string {
  const match = /^(--[A-Za-z0-9_-]+)(=.*)?$/s.exec(arg);
  return match === null ? arg : match[1]!.replaceAll("_", "-") + (match[2] ?? "");
}

/** Commander's error in our words. */
async function usageError(error: CommanderError, chosen: Command): Promise<UsageError> {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  if (error.code === "commander.unknownCommand") {
    const names = chosen.commands.map((command) => command.name());
    const near = closest(named, names)[0];
    const path = commandPath(chosen);
    const where = [...path.slice(1), named].join(" ");
    return new UsageError(
      `${where}: there is no such command${near === undefined ? "" : `; did you mean ${near}?`} (${path.join(" ")} --help lists them)`,
    );
  }
  if (error.code !== "commander.unknownOption") return new UsageError(error.message.replace(/^error: /, ""));
  const flag = named.split("=")[0]!;
  const flags = chosen.options.map((option) => option.long ?? "").filter((long) => long !== "");
  const { KNOWN_ELSEWHERE } = await import("../config/known-flags.js");
  const bare = flag.replace(/^--(no-)?/, "");
  const reason = KNOWN_ELSEWHERE.get(bare);
  if (reason !== undefined) return new UsageError(`${flag} is known to vLLM, not in Quire yet: ${reason}`);
  const near = closest(flag, flags)[0];
  return new UsageError(`${flag}: there is no such flag${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** Help about one group, or about the flags whose name contains the topic. */
function topicHelp(command: Command, topic: string): string {
  const wanted = topic.toLowerCase().replace(/^-+/, "").replaceAll("_", "-");
  const groupOf = (option: Option) => (option.helpGroupHeading ?? "Command:").replace(/:$/, "");
  const visible = command.options.filter((option) => !option.hidden);
  const groups = [...new Set(visible.map(groupOf))];
  if (wanted === "all") return command.helpInformation();
  const group = groups.find((name) => name.toLowerCase() === wanted);
  const matches = (option: Option) =>
    group === undefined ? (option.long ?? "").includes(wanted) : groupOf(option) === group;
  if (wanted === "listgroup" || !visible.some(matches)) {
    const head = wanted === "listgroup" ? "" : `No group and no flag is called ${JSON.stringify(topic)}.\n`;
    return `${head}Groups: ${groups.join(", ")}\n${commandPath(command).join(" ")} --help=GROUP, --help=FLAG or --help=all\n`;
  }
  for (const option of command.options) option.hideHelp(option.hidden || !matches(option));
  return command.helpInformation();
}
