// The program's flags: those of the native one.
import { parseArgs } from "node:util";

/** What the program was asked for. */
export interface Flags {
  host: string;
  port: number;
  seed: "demo" | "empty";
  apiKey: string | undefined;
  allowHosts: string[];
  ttl: number;
  quota: number;
  control: boolean;
  sdk: string | undefined;
  json: boolean;
}

/** The flags make no sense; the message says what was expected. */
export class UsageError extends Error {}

export const HELP = `The Ansdev API on your own machine, for tests and demos

Usage: ansdev-mock-backend [OPTIONS]

Options:
      --listen <HOST:PORT>  Address and port to listen on; port 0 is any free one [default: 127.0.0.1:8787]
      --db <FILE>           The native program has it: this one forgets everything at the end
      --seed <NAME>         What a fresh mock holds [default: demo] [possible values: demo, empty]
      --api-key <KEY>       The API key that works from the start [default: a new one in every run]
      --allow-host <NAME>   A host name, besides loopback's, under which dashboard, demo and control plane answer; can be
                            repeated
      --ttl <SECONDS>       Seconds that a playback token lives [default: 300]
      --quota <N>           Playback tokens that a key can mint in a UTC day [default: 1000]
      --control             Turn the control plane on (/_mock/: clock, faults, journal, keys, reset)
      --sdk <DIR>           Folder with the built SDK, served at /sdk/ [default: that of an installed @ansdev/player]
      --json                Print one line of JSON on stdout once it listens: url, apiKey, videos
  -h, --help                Print help
  -V, --version             Print version

Examples:
  npx @ansdev/mock-backend                                the demo, at http://127.0.0.1:8787/
  npx @ansdev/mock-backend --listen 127.0.0.1:0 --json    for a script: any free port, and JSON that names it
  npx @ansdev/mock-backend --ttl 6 --control              tokens that live 6 s; tests may move the clock and set faults

The log goes to stderr; RUST_LOG=debug shows more of it, RUST_LOG=off nothing.
`;

const OPTIONS = {
  listen: { type: "string", default: "127.0.0.1:8787" },
  db: { type: "string" },
  seed: { type: "string", default: "demo" },
  "api-key": { type: "string" },
  "allow-host": { type: "string", multiple: true },
  ttl: { type: "string", default: "300" },
  quota: { type: "string", default: "1000" },
  control: { type: "boolean", default: false },
  sdk: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", short: "V", default: false },
} as const;

/**
 * Reads the program's arguments.
 *
 * @throws UsageError
 */
export function readFlags(args: string[]): Flags | "help" | "version" {
  const values = parse(args);
  if (values.help) return "help";
  if (values.version) return "version";
  if (values.db !== undefined) {
    throw new UsageError(
      "--db: this program keeps nothing in a file; the native one does (`cargo install ansdev-mock-backend`)",
    );
  }
  if (values.seed !== "demo" && values.seed !== "empty") {
    throw new UsageError(`invalid value '${values.seed}' for '--seed <NAME>' [possible values: demo, empty]`);
  }
  return {
    ...address(values.listen),
    seed: values.seed,
    apiKey: values["api-key"],
    allowHosts: values["allow-host"] ?? [],
    ttl: wholeNumber("--ttl <SECONDS>", values.ttl, 1, 86_400),
    quota: wholeNumber("--quota <N>", values.quota, 0, 4_294_967_295),
    control: values.control,
    sdk: values.sdk,
    json: values.json,
  };
}

function parse(args: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    const negative = args.find((argument) => /^-\d/.test(argument));
    if (negative !== undefined) throw new UsageError(`unexpected argument '${negative}' found`, { cause: error });
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`invalid value '${text}' for '${flag}': expected a whole number from ${least} to ${most}`);
}

/** Host and port; a text that is no address is refused when it is listened on, in the words of the native program. */
function address(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) {
    throw new AddressError(
      `cannot listen on ${text}: invalid socket address; expected a free address of this machine, such as 127.0.0.1:0`,
    );
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** The address is none; like one that is taken, that ends the program with 1. */
export class AddressError extends Error {}
