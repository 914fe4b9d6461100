import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { HERE, Workshop } from "../support/workshop.ts";

const COMMON = {
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "bundler",
  strict: true,
  noEmit: true,
  types: [],
};
const LIB = ["ES2022", "DOM", "DOM.Iterable"];

/** What checks the tags in the markup of each framework, and with which options. */
const FRAMEWORKS: Record<string, { check: string[]; options?: object; more?: object }> = {
  react: { check: ["tsc"], options: { jsx: "react-jsx" } },
  preact: { check: ["tsc"], options: { jsx: "react-jsx", jsxImportSource: "preact" } },
  solid: { check: ["tsc"], options: { jsx: "preserve", jsxImportSource: "solid-js" } },
  svelte: { check: ["svelte-check", "--fail-on-warnings"], options: { types: ["svelte"], verbatimModuleSyntax: true } },
  vue: { check: ["vue-tsc"], more: { vueCompilerOptions: { strictTemplates: true } } },
};

for (const [
  name,
  {
    check: [program = "", ...args],
    options,
    more,
  },
] of Object.entries(FRAMEWORKS)) {
  test(`${name}: its compiler knows both tags, their properties and events`, async () => {
    const workshop = Workshop.copy(`tests/bundlers/fixtures/types/${name}`);
    const config = {
      compilerOptions: { ...COMMON, lib: LIB, skipLibCheck: true, ...options },
      ...more,
      include: ["*"],
    };
    writeFileSync(join(workshop.folder, "tsconfig.json"), JSON.stringify(config));
    await workshop.run(program, ...args);
  });
}

test.describe("where no framework and no player is installed, and declarations are checked too", () => {
  let folder = "";

  // Outside of the repository, whose node_modules have all of them.
  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ansdev-types-"));
    cpSync(join(HERE, "fixtures/types/without"), folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const name of ["@ansdev/player", "hls.js", "custom-media-element", "media-chrome"]) {
      cpSync(join(HERE, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
    }
  });
  test.afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const COMPILERS: Record<string, object> = {
    bundler: {},
    node16: { module: "node16", moduleResolution: "node16" },
    nodenext: { module: "nodenext", moduleResolution: "nodenext" },
    "node10, which knows no exports": { moduleResolution: "node10", ignoreDeprecations: "6.0" },
    "lib ES2020": { target: "ES2020", lib: ["ES2020", "DOM", "DOM.Iterable"] },
    "exact optional properties": { exactOptionalPropertyTypes: true },
  };
  for (const [name, options] of Object.entries(COMPILERS)) {
    test(name, async () => {
      const config = { compilerOptions: { ...COMMON, lib: LIB, ...options }, include: ["*.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      expect(await Workshop.at(folder).run("tsc")).toBe("");
    });
  }
});
