import js from "@eslint/js";
import i18next from "eslint-plugin-i18next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "public", "src/wire/generated.ts", "src/wire/api", "tools", "eslint.config.js"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  reactHooks.configs.flat.recommended,
  jsxA11y.flatConfigs.recommended,
  {
    rules: {
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 60 }],
      "max-params": ["error", 6],
      "no-console": ["error", { allow: ["warn", "error"] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "react-hooks/exhaustive-deps": "error",
      // The list of turns and long passages scroll by keyboard.
      "jsx-a11y/no-noninteractive-tabindex": ["error", { roles: ["log", "region"] }],
    },
  },
  {
    // A component is one screenful or two, and everything a person reads stands in words/*.json.
    files: ["src/**/*.tsx"],
    plugins: { i18next },
    rules: {
      "max-lines": ["error", 200],
      "i18next/no-literal-string": [
        "error",
        {
          mode: "jsx-only",
          "jsx-attributes": { include: ["^aria-label$", "^aria-valuetext$", "^title$", "^alt$", "^placeholder$", "^label$", "^hint$", "^lead$", "^text$", "^words$"] },
          words: { exclude: ["[^\\p{L}]*", "Selfsame"] },
        },
      ],
    },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
);
