import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

// Allowed imports: shared <- reading <- core <- {main, serve, cli}, serve <- {main, cli}, shared <- {preload, renderer}. Nothing else crosses.
const folders = ['reading', 'core', 'main', 'serve', 'cli', 'preload', 'renderer']
const allowed = {
  shared: [],
  reading: [],
  core: ['reading'],
  main: ['reading', 'core', 'serve'],
  serve: ['reading', 'core'],
  cli: ['reading', 'core', 'serve'],
  preload: [],
  renderer: []
}
const noNode = ['shared', 'preload', 'renderer']
const mayUseElectron = ['main', 'preload']

const layers = Object.entries(allowed).map(([folder, imports]) => ({
  files: [`src/${folder}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': 'off',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: folders.filter((f) => f !== folder && !imports.includes(f)).map((f) => `**/../${f}/**`),
            message: `src/${folder} may import only itself, src/shared${imports.map((i) => `, src/${i}`).join('')}.`
          },
          ...(mayUseElectron.includes(folder)
            ? []
            : [{ group: ['electron', 'electron/*'], message: 'Only the Electron shell knows Electron.' }]),
          ...(folder === 'reading'
            ? []
            : [
                {
                  group: ['**/reading/images/{pixels,shown,encode,jpeg,png,others}'],
                  allowTypeImports: true,
                  message: 'Images are decoded in processes of reading: askFiles (reading/pages/process).'
                }
              ]),
          {
            group: ['sharp'],
            allowTypeImports: true,
            message: 'Only src/reading/images/others.ts decodes with sharp.'
          },
          ...(folder === 'reading'
            ? [{ group: ['better-sqlite3'], message: 'Reading knows no project and no database.' }]
            : []),
          ...(noNode.includes(folder) ? [{ group: ['node:*'], message: `No Node in src/${folder}.` }] : [])
        ]
      }
    ]
  }
}))

/** It imports sharp when it is first needed: the rule above sees static imports, this one the others. */
const noSharp = {
  files: ['src/**/*.{ts,svelte}'],
  ignores: ['src/reading/images/others.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      { selector: "ImportExpression[source.value='sharp']", message: 'Only src/reading/images/others.ts loads sharp.' }
    ]
  }
}

export default ts.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'training/', 'test-results/', 'playwright-report/', 'coverage/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } }
  },
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['warn', { max: 320, skipBlankLines: true, skipComments: true }],
      'svelte/require-each-key': 'error',
      'no-undef': 'off'
    }
  },
  ...layers,
  noSharp,
  {
    files: ['src/renderer/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'crypto', property: 'randomUUID', message: 'A reviewer’s page over HTTP has none: lib/unique.ts.' },
        ...['toReversed', 'toSorted', 'toSpliced'].map((property) => ({
          property,
          message: 'Browsers before 2023 lack it: copy the array first.'
        }))
      ]
    }
  }
)
