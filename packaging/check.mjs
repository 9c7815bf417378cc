/** Whether a package of this system would be whole, found without Electron's binary: `npm run package -- --check`. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { outputs } from '../scripts/lib/build.mjs'
import { inRoot } from '../scripts/lib/root.mjs'
import { configuration, fuses } from './config.mjs'
import { licences } from './licences.mjs'

/** What Electron's security checklist asks of a packaged app's binary. */
const wanted = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false
}

/** Licences that may be shipped with a program under the MIT licence, unchanged and named. */
const allowed =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Zlib|OFL-1\.1|LGPL-3\.0-or-later|WTFPL|Python-2\.0)\b/

/** @returns what is wrong, a sentence each */
export function check({ platform = process.platform, arch = process.arch, environment = process.env } = {}) {
  const config = configuration({ platform, arch, environment })
  return [
    ...checkFiles(platform, arch),
    ...checkConfiguration(config),
    ...checkUpdates(config),
    ...checkFuses(),
    ...checkLicences()
  ]
}

/** By electron-builder's own schema, which it would look at only where it packs; and what a .deb can't do without. */
export function checkConfiguration(config) {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
  const { validateSchema } = builder('app-builder-lib/out/util/config/schemaValidator')
  const { maintainer, target } = config.linux
  const faults = []
  try {
    validateSchema(builder('app-builder-lib/scheme.json'), structuredClone(config), { name: 'electron-builder' })
  } catch (error) {
    faults.push(error.message)
  }
  if (!/<\S+@\S+>/.test(maintainer ?? '')) faults.push('A .deb needs a maintainer with an address.')
  if (!URL.canParse(config.extraMetadata?.homepage ?? '')) faults.push('A .deb needs a homepage.')
  for (const wanted of ['AppImage', 'deb']) if (!target.includes(wanted)) faults.push(`Linux gets no ${wanted}.`)
  return faults
}

/** A newer one is fetched as an AppImage or a .deb, by NSIS's installer, or as a zip; its updater reads what the packer wrote. */
export function checkUpdates(config) {
  const faults = []
  if (config.publish && !config.publish.url.startsWith('https://'))
    faults.push('NOMINA_UPDATE_FEED must begin with https://.')
  if (!config.mac.target.some(({ target }) => target === 'zip')) faults.push('macOS updates from a zip, and gets none.')
  if (!config.win.target.includes('nsis')) faults.push('Windows updates by NSIS’s installer, and gets none.')
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages
  const packer = Object.keys(lock).filter((path) => path.endsWith('node_modules/builder-util-runtime'))
  if (packer.length !== 1 || lock[packer[0]].dev)
    faults.push(
      'electron-updater and electron-builder must share one builder-util-runtime, as a dependency of the app.'
    )
  return faults
}

function checkFiles(platform, arch) {
  const { extraResources } = configuration({ platform, arch })
  const native = [
    `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`,
    `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`
  ]
  const built = outputs.map((name) => `out/${name}`)
  const named = extraResources.map(({ from }) => from).filter((path) => !path.startsWith('dist/'))
  const needed = [...named, ...native, ...built, 'LICENSE']
  const missing = needed.filter((path) => !existsSync(inRoot(path))).map((path) => `${path} is missing.`)
  const command = inRoot('packaging', 'bin', 'nomina')
  const runs = platform === 'win32' || (statSync(command).mode & 0o111) !== 0
  return [...missing, ...(runs ? [] : ['packaging/bin/nomina cannot be run.']), ...checkDependencies()]
}

/** A package that is built into the page, or only builds it, is no dependency of the app. */
function checkDependencies() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  const builders = ['electron', 'electron-builder', 'electron-vite', 'vite', 'svelte', 'typescript', 'node']
  return [
    ...builders
      .filter((name) => name in dependencies)
      .map((name) => `${name} is a dependency of the app, not of its making.`),
    ...Object.keys(dependencies)
      .filter((name) => name in devDependencies)
      .map((name) => `${name} is named twice.`)
  ]
}

const checkFuses = () =>
  Object.entries(wanted)
    .filter(([name, value]) => fuses[name] !== value)
    .map(([name, value]) => `The fuse ${name} should be ${value}.`)

function checkLicences() {
  const { packages, unknown } = licences()
  const others = packages.filter(({ license }) => license && !allowed.test(license))
  return [
    ...unknown.map((name) => `The licence of ${name} is unknown.`),
    ...others.map(({ name, license }) => `${name} is under ${license}, which nobody has looked at.`)
  ]
}
