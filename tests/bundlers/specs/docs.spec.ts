import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Mock } from "../../browser/support/mock.ts";
import type { Site } from "../../browser/support/site.ts";
import { expect, test } from "../../browser/support/test.ts";
import { type Block, blocks } from "../support/blocks.ts";
import { HERE, plays, Workshop } from "../support/workshop.ts";

const SDK = join(HERE, "node_modules/@ansdev/player");
const VIDEO = "vid_rotating_keys";
const COMMON = {
  target: "ES2022",
  lib: ["ES2023", "DOM", "DOM.Iterable"],
  module: "ESNext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  jsx: "react-jsx",
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What compiles the blocks of a language, and with which options. */
const COMPILED: Record<string, { check: string[]; options?: object; types?: string[] }> = {
  js: { check: ["tsc"], options: { allowJs: true, checkJs: true, strict: false }, types: ["node"] },
  ts: { check: ["tsc"], types: ["node"] },
  tsx: { check: ["tsc"], types: ["node"] },
  vue: { check: ["vue-tsc"] },
  svelte: { check: ["svelte-check", "--fail-on-warnings"], types: ["svelte"] },
};
const LANGUAGES = [...Object.keys(COMPILED), "html", "csp", "sh"];

// The packages are unpacked before the tests, but after this file has been read.
const of = (language: string): Block[] => blocks().filter((block) => block.language === language);

test("every block of README, llms.txt and docs/ is in a language that is compiled or run here", () => {
  expect(blocks().length).toBeGreaterThan(30);
  expect(blocks().filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
});

test("README and llms.txt name every page of docs/", () => {
  const pages = readdirSync(join(SDK, "docs"));
  for (const text of ["README.md", "llms.txt"].map((name) => readFileSync(join(SDK, name), "utf8"))) {
    expect(pages.filter((page) => !text.includes(`docs/${page})`))).toEqual([]);
  }
});

for (const [
  language,
  {
    check: [program = "", ...args],
    options,
    types = [],
  },
] of Object.entries(COMPILED)) {
  test(`${language} is compiled`, async () => {
    const workshop = Workshop.copy("tests/bundlers/fixtures/docs", `docs-${language}`);
    for (const { name, text } of of(language)) writeFileSync(join(workshop.folder, `${name}.${language}`), text);
    const config = { compilerOptions: { ...COMMON, types, ...options }, include: ["*"] };
    writeFileSync(join(workshop.folder, "tsconfig.json"), JSON.stringify(config));
    await workshop.run(program, ...args);
  });
}

/** Tokens from the page's own server, as `tokenEndpoint("/tokens")` asks for them. */
function serveTokens(site: Site, mock: Mock): void {
  site.route(`/tokens/${VIDEO}`, async (_request, response) => {
    const address = `${mock.url}/v1/video/${VIDEO}/playback-token`;
    const answer = await fetch(address, { method: "POST", headers: { "x-ansdev-key": mock.apiKey } });
    const { data } = (await answer.json()) as { data: object };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
  });
}

test("html plays", async ({ page, mock, site }) => {
  test.setTimeout(180_000);
  serveTokens(site, mock);
  site.folder("/packed/", "tests/bundlers/node_modules/@ansdev/player/dist");
  for (const { name, text } of of("html")) {
    const workshop = Workshop.empty(`docs-${name}`);
    const html = text
      .replace(/vid_\w+/, VIDEO)
      .replace(/"ak_test_…"/, JSON.stringify(mock.apiKey))
      .replace("createClient({ ", `createClient({ baseUrl: ${JSON.stringify(mock.url)}, `)
      .replace(/https:\/\/cdn\.jsdelivr\.net\/npm\/@ansdev\/player@[\d.]+\/dist\//g, "/packed/")
      .replace(' poster="poster.jpg"', "")
      // A film that starts by itself: there is nobody to press the button.
      .replace(/<ansdev-(video|player)/, "$& muted autoplay");
    writeFileSync(join(workshop.folder, "index.html"), `<!doctype html><link rel="icon" href="data:,">${html}`);
    const isBuilt = !html.includes("/packed/");
    if (isBuilt) await workshop.run("vite", "build", "--base=./");
    site.folder(`/${name}/`, workshop.fromRoot(isBuilt ? "dist" : "."));
    await page.goto(site.page(`${name}/index.html`));
    await plays(page, html.includes("<ansdev-player") ? "ansdev-player" : "ansdev-video");
  }
});

test("under each policy of csp a film plays, and nothing is refused", async ({ page, mock, site }) => {
  test.setTimeout(180_000);
  for (const { name, text } of of("csp")) {
    const entry = text.includes("worker-src blob:") ? "default" : "slim";
    const workshop = Workshop.copy(`tests/bundlers/fixtures/${entry}`, `docs-${name}`);
    await workshop.run("vite", "build", "--base=./");
    if (entry === "slim") workshop.copySlimFiles("dist");
    site.folder(`/${name}/`, workshop.fromRoot("dist"));
    const policy = text.trim().replace("https://api.ansdev.cloud https://YOUR-CDN", mock.url);
    expect(policy).not.toContain("YOUR-CDN");
    site.pageHeaders = { "content-security-policy": policy };
    const refused: string[] = [];
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
    });
    await page.goto(site.page(`${name}/index.html`, mock.access));
    await plays(page);
    expect(refused).toEqual([]);
  }
});

test("sh is run, but for what would ask a registry or build everything", () => {
  for (const { name, text } of of("sh")) {
    const { folder } = Workshop.empty(`docs-${name}`);
    mkdirSync(join(folder, "node_modules/@ansdev"), { recursive: true });
    symlinkSync(SDK, join(folder, "node_modules/@ansdev/player"));
    mkdirSync(join(folder, "public/ansdev"), { recursive: true });
    for (const line of text.trim().split("\n")) run(line.replace(/\s+# .*$/, ""), folder);
  }
});

function run(line: string, folder: string): void {
  const [program, ...args] = line.split(" ");
  if (line.startsWith("#") || line === "") return;
  if (program === "npm") {
    // What it would install is what was unpacked here.
    expect(args[0]).toBe("install");
    for (const name of args.slice(1))
      expect(existsSync(join(HERE, "node_modules", name, "package.json")), line).toBe(true);
  } else if (args[0] === "xtask") {
    execFileSync("cargo", ["xtask", args[1] ?? "", "--help"], { cwd: join(HERE, "../.."), stdio: "ignore" });
  } else if (program === "cargo") {
    const mock = process.env["MOCK_BACKEND"] ?? join(HERE, "../../target/debug/ansdev-mock-backend");
    execFileSync(mock, [...args.slice(args.indexOf("--") + 1), "--help"], { stdio: "ignore" });
  } else {
    execFileSync("bash", ["-euc", line], { cwd: folder });
  }
}
