/**
 * What electron-builder is told. Not Electron Forge: its makers for NSIS and AppImage are third-party, and updates on Linux
 * and per user on Windows need electron-updater, which goes with electron-builder's own packages.
 *
 * In the package, `app.asar` holds all of the app for Electron. Node can't read archives, and reading, the check of large
 * databases and the command line run on a Node of their own (src/main/node.ts): what they need lies beside the archive.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../scripts/lib/root.mjs'

/** Electron's fuses, as @electron/fuses names them for electron-builder. The binary is Electron and nothing else. */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false
}

/** Of packages with binaries for several systems or with sources, only what this system runs. */
const leftOut = (platform, arch) => [
  '**/*.{map,d.ts,d.mts,d.cts,md,markdown}',
  `node_modules/onnxruntime-node/bin/napi-v*/!(${platform})/**`,
  `node_modules/onnxruntime-node/bin/napi-v*/${platform}/!(${arch})/**`,
  `node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node`,
  'node_modules/better-sqlite3/{build,deps,src}/**',
  'node_modules/pdfjs-dist/{build,image_decoders,types,web}/**',
  'node_modules/pdfjs-dist/legacy/{image_decoders,web}/**',
  'node_modules/pdfjs-dist/legacy/build/{*.min.mjs,pdf.sandbox.mjs}'
]

/** A distribution that is here already, whatever version package.json names: it says its own. */
const given = (folder) => ({
  electronDist: folder,
  electronVersion: readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
})

/** What Nomina is offered for, beside the programs that open it now: never instead of them. */
const scans = [
  { ext: 'pdf', name: 'PDF', mimeType: 'application/pdf' },
  { ext: ['tif', 'tiff'], name: 'TIFF', mimeType: 'image/tiff' },
  { ext: ['jpg', 'jpeg'], name: 'JPEG', mimeType: 'image/jpeg' },
  { ext: 'png', name: 'PNG', mimeType: 'image/png' }
]
const associations = scans.map((kind) => ({ ...kind, role: 'Viewer', rank: 'Alternate' }))

/**
 * @param platform `process.platform` and @param arch `process.arch` of the package: native parts come from this install
 * @param electron folder of an Electron distribution; absent: electron-builder fetches the one that package.json names
 * @param environment NOMINA_UPDATE_FEED: address of a folder with packages and their list, where updates are looked for; NOMINA_HOMEPAGE: what the .deb names;
 *   for signing and notarising the variables of electron-builder (CSC_LINK, WIN_CSC_LINK, APPLE_API_KEY, …)
 */
export function configuration({
  platform = process.platform,
  arch = process.arch,
  electron = null,
  environment = process.env
} = {}) {
  const node = platform === 'win32' ? 'node.exe' : 'node'
  const feed = environment.NOMINA_UPDATE_FEED
  return {
    appId: 'org.nomina.desktop',
    productName: 'Nomina',
    copyright: 'The Nomina developers, MIT licence',
    directories: { output: 'dist', buildResources: 'packaging' },
    files: ['package.json', 'LICENSE', 'out/**', ...leftOut(platform, arch).map((pattern) => `!${pattern}`)],
    asar: true,
    asarUnpack: ['package.json', 'out/main/**', 'out/learner/**', 'node_modules/**'],
    extraResources: [
      { from: 'resources/models', to: 'models' },
      { from: 'resources/samples', to: 'samples' },
      { from: 'out/renderer', to: 'page' },
      { from: `node_modules/node/bin/${node}`, to: node },
      { from: 'packaging/bin', to: 'bin', filter: platform === 'win32' ? ['*.cmd'] : ['nomina'] },
      { from: 'packaging/icon.png', to: 'icon.png' },
      { from: 'dist/licences.txt', to: 'licences.txt' }
    ],
    npmRebuild: false, // Node-API: one binary for Node and Electron
    electronFuses: fuses,
    electronLanguages: ['en', 'en-US', 'en-GB', 'fr'],
    ...(electron ? given(electron) : {}),
    publish: feed ? { provider: 'generic', url: feed } : null,
    // A .deb names a home: without one electron-builder makes none.
    extraMetadata: {
      homepage: environment.NOMINA_HOMEPAGE || feed || 'https://nomina.localhost',
      desktopName: 'nomina-desktop.desktop' // by which Electron names its windows, and desktops find their icon
    },
    win: { target: ['nsis', 'msi'] },
    // For one person, without an administrator; projects and settings outlive it.
    nsis: {
      // No space: servers of files write it in other ways than the list does.
      artifactName: '${productName}-Setup-${version}.${ext}',
      oneClick: true,
      perMachine: false,
      deleteAppDataOnUninstall: false,
      include: inRoot('packaging/installer.nsh')
    },
    msi: { artifactName: '${productName}-${version}.${ext}', oneClick: false, perMachine: true },
    mac: {
      target: [
        { target: 'dmg', arch: ['arm64'] },
        { target: 'zip', arch: ['arm64'] }
      ],
      category: 'public.app-category.productivity',
      hardenedRuntime: true,
      notarize: Boolean(environment.APPLE_API_KEY || environment.APPLE_ID),
      binaries: ['Contents/Resources/node'],
      fileAssociations: associations,
      // Folders are dropped on the icon in the dock.
      extendInfo: {
        CFBundleDocumentTypes: [
          {
            CFBundleTypeName: 'Folder',
            CFBundleTypeRole: 'Viewer',
            LSHandlerRank: 'Alternate',
            LSItemContentTypes: ['public.folder']
          }
        ]
      }
    },
    linux: {
      target: ['AppImage', 'deb'],
      executableName: 'nomina-desktop', // `nomina` is the command line
      syncDesktopName: true,
      icon: 'icons',
      category: 'Office',
      maintainer: 'The Nomina developers <nomina@localhost>',
      synopsis: 'Scanned handwritten names to verified texts',
      // As types alone: associations would define them anew, and every PDF of the system would get another icon.
      mimeTypes: ['inode/directory', ...scans.map(({ mimeType }) => mimeType)]
    }
  }
}
