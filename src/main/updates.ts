/**
 * A newer Nomina by electron-updater, which is loaded when a person looks for one. By itself it tells the feed more than that
 * somebody looks: a number for each installation, and by fetching differences which version is here. Both are switched off.
 */
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UpdateFailure, type Updater } from '../core'
import type { CannotUpdate, Newer, UpdateFault } from '../shared/contract/updates'
import { messageOf } from '../shared/failure'
import type { Install } from './quit'

export interface Installed {
  unable: CannotUpdate | null
  /** Of the package that it came in. */
  extension: string
  /** What electron-builder packed for its updater, if a feed was set then. */
  packed: string | null
}

/** How this Nomina came here, which says what a newer one could be fetched as. */
export function howInstalled({
  packaged = app.isPackaged,
  platform = process.platform,
  resources = process.resourcesPath ?? '',
  program = process.execPath,
  environment = process.env as Record<string, string | undefined>
} = {}): Installed {
  const packed = join(resources, 'app-update.yml')
  const installed = (extension: string | null, otherwise: CannotUpdate): Installed => ({
    unable: packaged ? (extension ? null : otherwise) : 'source',
    extension: extension ?? '',
    packed: packaged && existsSync(packed) ? packed : null
  })
  if (platform === 'darwin') return installed('zip', 'folder')
  // The installer for one person lays its own end beside the program; one of an administrator doesn't.
  if (platform === 'win32')
    return installed(existsSync(join(dirname(program), 'Uninstall Nomina.exe')) ? 'exe' : null, 'machine')
  const kind = join(resources, 'package-type')
  if (existsSync(kind) && readFileSync(kind, 'utf8').trim() === 'deb') return installed('deb', 'folder')
  return installed(environment.APPIMAGE ? 'AppImage' : null, 'folder')
}

export interface UpdaterParts {
  /** Where a file of electron-updater's settings may lie. */
  folder: string
  quit(install: Install): void
  load?: () => Promise<AppUpdater>
}

const ofElectron = async (): Promise<AppUpdater> => (await import('electron-updater')).default.autoUpdater

export function createUpdater(installed: Installed, { folder, quit, load = ofElectron }: UpdaterParts): Updater {
  const { unable, extension, packed } = installed
  let loading: Promise<AppUpdater> | null = null
  const updater = (): Promise<AppUpdater> =>
    (loading ??= load().then((loaded) => {
      if (!packed) loaded.updateConfigPath = ownSettings(folder)
      return quietly(loaded)
    }))
  async function ask(feed: string): Promise<Newer | null> {
    const loaded = await updater()
    loaded.setFeedURL({ provider: 'generic', url: feed, useMultipleRangeRequest: false })
    const found = await loaded.checkForUpdates().catch(fail)
    if (!found?.isUpdateAvailable) return null
    const { version, files } = found.updateInfo
    const file = files?.find(({ url }) => url.toLowerCase().endsWith(`.${extension.toLowerCase()}`))
    return { version, bytes: file?.size ?? null }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    unable,
    feed: packed && feedOf(readFileSync(packed, 'utf8')),
    look(feed) {
      // One that was stopped still goes on, and electron-updater would give its answer for the other address.
      const found = last.then(() => ask(feed))
      last = found.catch(() => undefined)
      return found
    },
    async fetch(progressed, signal) {
      const { CancellationToken } = (await import('electron-updater')).default
      const loaded = await updater()
      signal.throwIfAborted()
      const token = new CancellationToken()
      const cancel = (): void => token.cancel()
      signal.addEventListener('abort', cancel)
      const told = ({ transferred, total }: { transferred: number; total: number }): void =>
        progressed(transferred, total)
      loaded.on('download-progress', told)
      await loaded
        .downloadUpdate(token)
        .catch(fail)
        .finally(() => {
          loaded.off('download-progress', told)
          signal.removeEventListener('abort', cancel)
        })
    },
    install: (failed) =>
      quit((notDone) => {
        void updater().then((loaded) => {
          loaded.once('error', (why) => {
            failed(why)
            notDone(why)
          })
          loaded.quitAndInstall()
        }, notDone)
      })
  }
}

/** Fetches nothing that was not asked for, and says nothing of whoever asks. */
function quietly(updater: AppUpdater): AppUpdater {
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  updater.disableWebInstaller = true
  updater.disableDifferentialDownload = true
  updater.logger = null
  updater.on('error', () => {}) // told by whatever was called
  // An AppImage gets the newer one's name: what is started again must be that.
  updater.on('appimage-filename-updated', (path) => void (process.env.APPIMAGE = path))
  // Chromium would add the system's language.
  const headers = { accept: '*/*', 'accept-language': '*' }
  // Its number of this installation is private to it: neither made, nor sent, nor asked who comes first.
  updater.isUserWithinRollout = () => true
  Reflect.set(updater, 'stagingUserIdPromise', { value: Promise.resolve('') })
  Reflect.set(updater, 'computeFinalHeaders', () => headers)
  return updater
}

/** Where no feed was packed, electron-updater still wants to know under which name to keep what it fetches. */
function ownSettings(folder: string): string {
  const path = join(folder, 'updates.yml')
  writeFileSync(path, 'updaterCacheDirName: nomina-updater\n')
  return path
}

/** As electron-builder writes it: a line `url: …`. */
const feedOf = (settings: string): string | null => /^url: *['"]?([^'"\n]+?)['"]? *$/m.exec(settings)?.[1] ?? null

const faults: [pattern: RegExp, fault: UpdateFault][] = [
  [/CHANNEL_FILE_NOT_FOUND/, 'noList'],
  [
    /INVALID_UPDATE_INFO|INVALID_VERSION|NO_CHECKSUM|NO_FILES_PROVIDED|YAMLException|Cannot parse|Cannot read prop/,
    'badList'
  ],
  [/CHECKSUM_MISMATCH/, 'damaged'],
  [/INVALID_SIGNATURE|[Cc]ode signature/, 'signature'],
  [/ERR_CERT|CERT_|SELF_SIGNED/, 'certificate'],
  [/ENOSPC/, 'noRoom'],
  [
    /net::ERR_|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|HTTP_ERROR|timed out|aborted by the server/,
    'unreachable'
  ]
]

function fail(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = messageOf(error).split('\n')[0]!.slice(0, 300)
  const found = faults.find(([pattern]) => pattern.test(`${code} ${detail}`))
  throw new UpdateFailure(found?.[1] ?? 'other', detail)
}
