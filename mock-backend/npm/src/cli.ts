#!/usr/bin/env node
// The mock as a program, with the native one's flags and first line.
import { readFileSync } from "node:fs";

import { MockBackendError } from "./error.js";
import { AddressError, type Flags, HELP, readFlags, UsageError } from "./flags.js";
import { type MockBackend, start } from "./index.js";

/** What is logged unless `RUST_LOG` says otherwise. */
const LEVELS = ["error", "warn", "info", "debug", "trace"];

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === "help") return void process.stdout.write(HELP);
  if (flags === "version") return void process.stdout.write(`ansdev-mock-backend ${version()}\n`);

  const { host, port, sdk, seed, apiKey, allowHosts, ttl, quota, control } = flags;
  // Installed before the address is printed: its reader may stop the mock at once.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"])
      process.once(signal, () => {
        resolve();
      });
  });
  const level = process.env["RUST_LOG"] ?? "info";
  const options = {
    seed,
    ttl,
    quota,
    control,
    allowHosts,
    ...(apiKey !== undefined && { apiKey }),
    ...(LEVELS.includes(level) && { log: level }),
  };
  const mock = await start(host, port, sdk, options, log);
  if (mock.exposed !== undefined) warnOfStrangers(mock.exposed);
  announce(mock, flags);
  await stopped;
  if (options.log !== undefined && level !== "error" && level !== "warn") log("INFO", "stopping");
  await mock.stop();
}

/** Says on stderr, whatever the log's level is, that other machines reach this. */
function warnOfStrangers(address: string): void {
  const line = "!".repeat(100);
  process.stderr.write(
    `${line}\nWARNING: the mock listens on ${address}, which other machines can reach.\n` +
      "Everybody who reaches that port can use its API keys, its dashboard, and with --control its control plane.\n" +
      "To browsers, dashboard, demo and control plane answer only under loopback names and those of --allow-host;\n" +
      "programs can claim any name. Use --listen 127.0.0.1:PORT unless other machines need it, and a firewall if they do.\n" +
      `${line}\n`,
  );
}

function announce(mock: MockBackend, { json }: Flags): void {
  const { url, apiKey } = mock;
  if (json) {
    const videos = mock.videos.map(({ id, title, encrypted, durationSeconds }) => ({
      id,
      title,
      encrypted,
      durationSeconds,
    }));
    process.stdout.write(`${JSON.stringify({ url, apiKey, videos })}\n`);
  } else {
    process.stdout.write(`Ansdev mock backend: ${url}/\nAPI key: ${apiKey}\nStop it with Ctrl+C.\n`);
  }
}

function log(level: string, text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level.padStart(5)} ${text}\n`);
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n\nFor more information, try '--help'.\n`);
    process.exitCode = 2;
  } else if (error instanceof MockBackendError || error instanceof AddressError) {
    process.stderr.write(`ansdev-mock-backend: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
});
