/** The training package as a wheel, which is a zip with a list of its files: made by Node alone, so that a build needs no Python. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { parse } from 'smol-toml'

/** The same sources give the same bytes. */
const made = new Date(Date.UTC(1980, 0, 2))

/**
 * After the binary distribution format of packaging.python.org: pure Python, any platform.
 * @param from the folder with pyproject.toml @param to the folder for the wheel, which holds no other afterwards
 * @returns the wheel's path
 */
export function writeWheel(from, to) {
  const { project } = parse(readFileSync(join(from, 'pyproject.toml'), 'utf8'))
  const name = project.name.replaceAll('-', '_')
  const info = `${name}-${project.version}.dist-info`
  const files = new Map(
    filesBelow(join(from, name)).map((path) => [`${name}/${path}`, readFileSync(join(from, name, path))])
  )
  files.set(`${info}/METADATA`, strToU8(metadataOf(project)))
  files.set(
    `${info}/WHEEL`,
    strToU8('Wheel-Version: 1.0\nGenerator: nomina\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
  )
  files.set(`${info}/entry_points.txt`, strToU8(entryPoints(project.scripts ?? {})))
  const record = [...files].map(([path, bytes]) => `${path},sha256=${digest(bytes)},${bytes.length}`)
  files.set(`${info}/RECORD`, strToU8([...record, `${info}/RECORD,,`, ''].join('\n')))
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  const path = join(to, `${name}-${project.version}-py3-none-any.whl`)
  writeFileSync(path, zipSync(Object.fromEntries(files), { mtime: made }))
  return path
}

function filesBelow(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix ? `${prefix}/${entry.name}` : entry.name
      if (entry.isDirectory()) return entry.name === '__pycache__' ? [] : filesBelow(folder, path)
      return entry.name.endsWith('.pyc') ? [] : [path]
    })
}

function metadataOf({
  name,
  version,
  description,
  'requires-python': python,
  dependencies,
  'optional-dependencies': extras
}) {
  const lines = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    `Summary: ${description}`,
    `Requires-Python: ${python}`
  ]
  for (const dependency of dependencies) lines.push(`Requires-Dist: ${dependency}`)
  for (const [extra, wanted] of Object.entries(extras ?? {})) {
    lines.push(`Provides-Extra: ${extra}`)
    for (const dependency of wanted) lines.push(`Requires-Dist: ${dependency}; extra == '${extra}'`)
  }
  return `${lines.join('\n')}\n`
}

const entryPoints = (scripts) =>
  ['[console_scripts]', ...Object.entries(scripts).map(([name, target]) => `${name} = ${target}`), ''].join('\n')

const digest = (bytes) => createHash('sha256').update(bytes).digest('base64url')
