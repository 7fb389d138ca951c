/** The command line's grammar: commands, help, and errors of usage. Only the command at hand is loaded. */
import { Command, CommanderError, Option } from "commander";
import { closest } from "../util/closest.js";
import { EXIT_USAGE, UsageError } from "./exit.js";

/** A command's module adds its arguments and flags, and gives back what runs after parsing. */
export interface CommandModule {
  define(command: Command): (args: readonly string[], version: string) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, readonly [description: string, load: () => Promise<CommandModule>]>> = {
  generate: ["Generate text from a prompt, streamed to standard output.", () => import("./commands/generate.js")],
  chat: ["Talk to a model in the terminal.", () => import("./commands/chat.js")],
  serve: ["Serve a model over the OpenAI API.", () => import("./commands/serve.js")],
  inspect: ["Show a model's parameters, sizes and memory needs.", () => import("./commands/inspect.js")],
  demo: ["Let the bundled model speak, then serve it; npm start runs this.", () => import("./commands/demo.js")],
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
  if (args[0] === "help") args = args[1] === undefined ? ["--help"] : [args[1], "--help"];
  const program = new Command("quire")
    .description("Run and serve large language models from TypeScript.")
    .helpCommand(false)
    .version(version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Print this help.");
  let code = 0;
  const chosen = args.find((arg) => !arg.startsWith("-"));
  for (const [name, [description, load]] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(description);
    command
      .optionsGroup("Command:")
      .helpOption("-h, --help", "Print this help; --help=GROUP one group, --help=FLAG flags like it.");
    if (name !== chosen) continue;
    const execute = (await load()).define(command);
    command.addOption(new Option("--debug", "Print the stack with errors. Environment: QUIRE_DEBUG."));
    command.action(async () => void (code = await execute(command.args, version)));
    const topic = args.map((arg) => /^--help=(.*)$/.exec(arg)?.[1]).find((value) => value !== undefined);
    if (topic !== undefined) {
      process.stdout.write(topicHelp(command, topic));
      return 0;
    }
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .showSuggestionAfterError(false);
  }
  if (args.length === 0) {
    process.stderr.write(program.helpInformation());
    return EXIT_USAGE;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw await usageError(error, program, chosen);
  }
  return code;
}

/** --max_model_len is --max-model-len. */
function withDashes(arg: string): string {
  const match = /^(--[A-Za-z0-9_-]+)(=.*)?$/s.exec(arg);
  return match === null ? arg : match[1]!.replaceAll("_", "-") + (match[2] ?? "");
}

/** Commander's error in our words. */
async function usageError(error: CommanderError, program: Command, chosen: string | undefined): Promise<UsageError> {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  if (error.code === "commander.unknownCommand") {
    const near = closest(named, Object.keys(COMMANDS))[0];
    return new UsageError(
      `${named}: there is no such command${near === undefined ? "" : `; did you mean ${near}?`} (quire --help lists them)`,
    );
  }
  if (error.code !== "commander.unknownOption") return new UsageError(error.message.replace(/^error: /, ""));
  const { KNOWN_ELSEWHERE } = await import("../config/known-flags.js");
  const flag = named.split("=")[0]!;
  const bare = flag.replace(/^--(no-)?/, "");
  const reason = KNOWN_ELSEWHERE.get(bare);
  if (reason !== undefined) return new UsageError(`${flag} is known to vLLM, not in Quire yet: ${reason}`);
  const command = program.commands.find((candidate) => candidate.name() === chosen) ?? program;
  const flags = command.options.map((option) => option.long ?? "").filter((long) => long !== "");
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
    return `${head}Groups: ${groups.join(", ")}\nquire ${command.name()} --help=GROUP, --help=FLAG or --help=all\n`;
  }
  for (const option of command.options) option.hideHelp(option.hidden || !matches(option));
  return command.helpInformation();
}
