/** Sharing a project: a secret link for each reviewer, on this machine's own addresses, over TLS where files are given. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { createSecureContext } from 'node:tls'
import * as v from 'valibot'
import { messageOf, NominaError } from '../shared/failure'
import { newToken } from './access'

export interface ShareOptions {
  /** Reviewers' names. */
  people: readonly string[]
  /** The address to listen on; all of this machine's by default. */
  host?: string | undefined
  /** Paths of a certificate (with its chain) and its key, PEM. */
  certificate?: string | undefined
  key?: string | undefined
  /** Where the links are kept, so that they outlive a restart. */
  linksFile: string
  /** The project they are for. */
  project: string
}

export interface Shared {
  /** Reviewers'. */
  names: string[]
  host: string
  /** By which this machine is reached. */
  hostNames: string[]
  tls: { cert: Buffer; key: Buffer } | null
  link(port: number, token: string): string
}

const everywhere = '0.0.0.0'
const stored = v.record(v.string(), v.record(v.string(), v.string()))

/** @throws NominaError('invalid-input') two people with one name, half a pair of TLS files; ('unreadable') TLS files that can't be used */
export function prepareShare(options: ShareOptions): Shared {
  const names = options.people.map((name) => name.normalize('NFC').trim())
  if (names.some((name) => !name || name.length > 80))
    throw new NominaError('invalid-input', 'A reviewer needs a name of 1 to 80 characters.')
  const twice = names.find((name, index) => names.findIndex((other) => same(other, name)) !== index)
  if (twice !== undefined)
    throw new NominaError('invalid-input', `Two reviewers are called ${twice}. Give each a name of their own.`)
  const host = options.host ?? everywhere
  const hostNames = host === everywhere || host === '::' ? ownNames() : [host, ...ownNames()]
  const tls = readTls(options.certificate, options.key)
  return {
    names,
    host,
    hostNames,
    tls,
    link(port, token) {
      const shown = host === everywhere || host === '::' ? (hostNames[0] ?? '127.0.0.1') : host
      return `${tls ? 'https' : 'http'}://${shown}:${port}/?token=${token}`
    }
  }
}

const same = (a: string, b: string): boolean => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0

/** Addresses that other machines reach, then names. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address))
  return [...addresses, hostname(), `${hostname()}.local`]
}

function readTls(certificate: string | undefined, key: string | undefined): Shared['tls'] {
  if (certificate === undefined && key === undefined) return null
  if (certificate === undefined || key === undefined)
    throw new NominaError('invalid-input', 'TLS needs both: --cert with the certificate and --key with its key.')
  try {
    const files = { cert: readFileSync(certificate), key: readFileSync(key) }
    createSecureContext(files)
    return files
  } catch (error) {
    throw new NominaError('unreadable', `These TLS files can't be used: ${messageOf(error)}`)
  }
}

/**
 * The secret of each reviewer's link: kept where only this user can read them, made for those who have none.
 * @param project known by what its file holds, so that its links outlive a change of folder; earlier they went by path
 */
export function linksOf(
  file: string,
  { id, path }: { id: string; path: string },
  names: readonly string[]
): Map<string, string> {
  let all: v.InferOutput<typeof stored> = {}
  try {
    if (existsSync(file)) all = v.parse(stored, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    renameSync(file, `${file}.unreadable`)
  }
  const known = { ...all[path], ...all[id] }
  const links = Object.fromEntries(names.map((name) => [name, known[name] ?? newToken()]))
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, JSON.stringify({ ...all, [id]: { ...known, ...links } }, null, 2), { mode: 0o600 })
  chmodSync(temporary, 0o600)
  renameSync(temporary, file)
  return new Map(Object.entries(links))
}
