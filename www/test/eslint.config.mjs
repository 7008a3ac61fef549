// @ts-check
// The rules for all JavaScript of the project, not for this folder alone: run
// from the top folder, as `make lint` does. Layout is prettier's business.

import js from "@eslint/js";
import globals from "globals";

const made = ["**/node_modules/", ".cache/", "www/dist/", "www/demo/dist/"];

/** Runs in pages and in whatever the package is imported into. */
const inPages = ["jsbridge/**/*.js", "www/*.js", "www/demo/**/*.js"];

export default [
  { ignores: made },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-constructor-return": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-throw-literal": "error",
      // An argument that only declares a type is marked as such by its name.
      "no-unused-vars": [
        "error",
        {
          args: "after-used",
          argsIgnorePattern: "^_",
          ignoreRestSiblings: true,
        },
      ],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-rest-params": "error",
      "prefer-spread": "error",
    },
  },
  {
    files: inPages,
    // A page may have a Buffer, and it is always asked for with typeof. Nothing
    // else of Node may be named in what a page runs.
    languageOptions: { globals: { ...globals.browser, Buffer: "readonly" } },
  },
  {
    files: ["**/*.mjs", "www/test/**/*.js", "**/testdata/**"],
    // Tests name what is Node's and what is the page's in one file, and the type
    // checker, which knows both, finds the names that are neither's.
    rules: { "no-undef": "off" },
  },
];
