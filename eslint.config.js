import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/node_modules/",
    "target/",
    "tests/media/",
    "test-results/",
    "js/src/models.ts",
    "**/.work/",
    "**/.next/",
    // Each is checked as its reader has it, by its own compiler.
    "examples/**/*.ts",
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
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["**/pages/**/*.js", "**/fixtures/**/*.js", "examples/**/*.js"],
    languageOptions: { globals: { ...globals.browser, process: "readonly" } },
    // Playwright wants a pattern where a fixture needs no other.
    rules: { "no-empty-pattern": "off" },
  },
);
