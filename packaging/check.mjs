/** Whether a package of this system would be whole, found without Electron's binary: `npm run package -- --check`. */
import { existsSync, readFileSync, statSync } from 'node:fs'
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
export function check({ platform = process.platform, arch = process.arch } = {}) {
  return [...checkFiles(platform, arch), ...checkFuses(), ...checkLicences()]
}

function checkFiles(platform, arch) {
  const { extraResources } = configuration({ platform, arch })
  const native = [
    `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`,
    `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`
  ]
  const built = ['index.js', 'cli.js', 'engine.js', 'pages.js'].map((name) => `out/main/${name}`)
  const named = extraResources.map(({ from }) => from).filter((path) => !path.startsWith('dist/'))
  const needed = [...named, ...native, ...built, 'out/preload/index.cjs', 'out/renderer/index.html', 'LICENSE']
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
