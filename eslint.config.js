import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";
import { createNodeResolver, importX } from "eslint-plugin-import-x";

/** What each folder of js/src may import, besides itself. */
const FOLDERS = {
  platform: [],
  protocol: ["platform"],
  worker: ["protocol", "platform"],
  client: ["worker", "protocol", "platform"],
  adapters: ["protocol", "platform"],
  element: ["adapters", "client", "protocol", "platform"],
  player: ["element", "client", "protocol", "platform"],
  react: ["player", "element", "client", "protocol", "platform"],
  vue: ["player", "element"],
  server: ["protocol"],
};
const ALL = [...Object.keys(FOLDERS), "entries"];

/** An arrow that ARCHITECTURE.md does not have is an error. */
const arrows = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  target: `js/src/${folder}`,
  from: ALL.filter((other) => other !== folder && !allowed.includes(other)).map((other) => `js/src/${other}`),
  message: `${folder}/ may import ${["itself", ...allowed.map((other) => `${other}/`)].join(", ")}`,
}));

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/node_modules/",
    "target/",
    "mock-backend/media/",
    "test-results/",
    "js/src/protocol/core.ts",
    "js/src/protocol/models.ts",
    "mock-backend/npm/src/models.ts",
    "**/.work/",
    "**/.next/",
    // Each is checked as its reader has it, by its own compiler.
    "examples/**/*.ts",
    "tests/bundlers/fixtures/**/*.ts",
    "tests/bundlers/apart/nuxt/",
    "**/.parcel-cache/",
  ]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The details of events and the tables of the protocol read better as type literals beside each other.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["js/src/**/*.ts"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts"], extensionAlias: { ".js": [".ts"] } })],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: arrows }],
      "import-x/no-cycle": "error",
    },
  },
  {
    // Two copies of the package on one page have two classes (errors.ts).
    ignores: ["js/src/protocol/errors.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            'BinaryExpression[operator="instanceof"]:matches([right.name="AnsdevError"], [right.property.name="AnsdevError"])',
          message: "Another copy's errors are errors too: use isAnsdevError",
        },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["**/pages/**/*.js", "**/fixtures/**/*.js", "**/apart/**/*.js", "examples/**/*.js"],
    languageOptions: { globals: { ...globals.browser, process: "readonly" } },
    // Playwright wants a pattern where a fixture needs no other.
    rules: { "no-empty-pattern": "off" },
  },
);
