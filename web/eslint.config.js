import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const syntax = [
  { selector: "ExportDefaultDeclaration", message: "Export by name." },
  { selector: "TSEnumDeclaration", message: "Use a union of literals." },
];

/** Text that people see comes from a catalogue (`texts.ts`), so that it has all languages. The product's name is the same in each. */
const word = "/^(?!\\s*Heliograph\\s*$).*[A-Za-z]{2}/s";
const attributes = [
  "JSXAttribute[name.name=/^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|label|description|alt)$/]",
  "JSXOpeningElement[name.name='Boundary'] > JSXAttribute[name.name='name']",
];
const expressions = ["", " > ConditionalExpression", " > LogicalExpression", " > ConditionalExpression > ConditionalExpression"];
const literalText = [
  `JSXText[value=${word}]`,
  ...attributes.map((attribute) => `${attribute} > Literal[value=${word}]`),
  ...[...attributes, "JSXElement", "JSXFragment"].flatMap((place) =>
    expressions.flatMap((expression) => [
      `${place} > JSXExpressionContainer${expression} > Literal[value=${word}]`,
      `${place} > JSXExpressionContainer${expression} > TemplateLiteral > TemplateElement[value.raw=${word}]`,
    ]),
  ),
].map((selector) => ({ selector, message: "Put the text into the folder's catalogue (texts.ts, texts.de.ts)." }));

export default tseslint.config(
  { ignores: ["**/dist/", "**/node_modules/", "**/coverage/", "**/api-docs/", "peers/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { import: importX },
    settings: {
      "import-x/extensions": [".ts", ".tsx"],
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx", ".js"], extensionAlias: { ".js": [".ts", ".tsx", ".js"] } })],
    },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["vitest.config.ts", "vitest.browser.config.ts"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "import/no-cycle": "error",
      "no-restricted-syntax": ["error", ...syntax],
    },
  },
  { files: ["**/*.tsx", "packages/react/**/*.ts"], extends: [hooks.configs.flat.recommended] },
  { files: ["apps/dashboard/src/**/*.tsx"], rules: { "no-restricted-syntax": ["error", ...syntax, ...literalText] } },
  { files: ["**/vite.config.ts", "**/vitest*.config.ts"], rules: { "no-restricted-syntax": "off" } },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } } },
);
