import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { inRoot } from './root.mjs'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** A Chromium for tests, installed where it can be. @throws where there is none and none can be had */
export async function ensureChromium() {
  const found = await findChromium()
  if (found) {
    // The test of the GPU path runs on Chromium's software Vulkan, and only needs a loader for it.
    if (!hasVulkanLoader()) installFromDebian('libvulkan1')
    return found
  }
  const tries = [() => installFromDebian('chromium', 'libvulkan1'), installFromPlaywright]
  const reasons = []
  for (const install of tries) {
    const reason = install()
    const now = await findChromium()
    if (now) return now
    if (reason) reasons.push(reason)
  }
  throw new Error(
    `The tests need a Chromium and none could be installed. Install one, or set NOMINA_CHROMIUM to its path.\n${reasons.join('\n')}`
  )
}

/** The path of one that is here, or null. @throws where NOMINA_CHROMIUM names none */
export async function findChromium() {
  const named = process.env.NOMINA_CHROMIUM
  if (named && !existsSync(named)) throw new Error(`NOMINA_CHROMIUM names ${named}, which is not there.`)
  if (named) return named
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  const installed = folders.flatMap((folder) => commands.map((command) => join(folder, command))).find(existsSync)
  if (installed) return installed
  const { chromium } = await import('playwright')
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null
}

const hasVulkanLoader = () =>
  spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout?.includes('libvulkan.so.1') ?? false

/** Debian's packages, where this is root on such a system; another apt at work is waited for. */
function installFromDebian(...packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null
  console.error(`Installing ${packages.join(' and ')} for the tests (once)…`)
  const wait = ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3']
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...parameters) => spawnSync('apt-get', [...wait, ...parameters], { env: environment, encoding: 'utf8' })
  // The package lists have a lock of their own, which that time-out does not cover.
  for (let attempt = 1; attempt <= 30; attempt++) {
    const updated = run('update', '-qq')
    if (updated.status === 0 || !/lock/i.test(updated.stderr)) break
    spawnSync('sleep', ['5'])
  }
  const installed = run('install', '-y', '-qq', '--no-install-recommends', ...packages)
  return installed.status === 0 ? null : `apt-get: ${installed.stderr.trim().slice(-500)}`
}

function installFromPlaywright() {
  console.error('Fetching Playwright’s Chromium for the tests (once)…')
  const tool = inRoot('node_modules', 'playwright', 'cli.js')
  const fetched = spawnSync(process.execPath, [tool, 'install', 'chromium'], { encoding: 'utf8', timeout: 600_000 })
  return fetched.status === 0 ? null : `playwright install: ${(fetched.stderr ?? '').trim().slice(-500)}`
}
