/** Sharing a project: a secret link for each reviewer, on this machine's own addresses, over TLS where files are given. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { createSecureContext } from 'node:tls'
import * as v from 'valibot'
import { text } from '../shared/bounds'
import { messageOf, NominaError, say } from '../shared/failure'
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

export const everywhere = '0.0.0.0'
const stored = v.record(v.string(), v.record(v.string(), v.string()))

/** @throws NominaError('invalid-input') two people with one name, half a pair of TLS files; ('unreadable') TLS files that can't be used */
export function prepareShare(options: ShareOptions): Shared {
  const names = options.people.map(refuseName)
  const twice = names.find((name, index) => names.findIndex((other) => same(other, name)) !== index)
  if (twice !== undefined) throw new NominaError('invalid-input', say('sameReviewer', { name: twice }))
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

/** A name as it is kept. @throws NominaError('invalid-input') */
export function refuseName(given: string): string {
  const name = given.normalize('NFC').trim()
  if (v.is(v.pipe(text(80), v.minLength(1)), name)) return name
  throw new NominaError('invalid-input', say('reviewerName'))
}

const same = (a: string, b: string): boolean => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0

/** Addresses that other machines reach, then names. */
export function ownNames(): string[] {
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

type Links = Map<string, Map<string, string>>

/**
 * The secret of each reviewer's link: kept where only this user can read them, made for those who have none.
 * @param project known by what its file holds, so that its links outlive a change of folder; earlier they went by path
 */
export function linksOf(
  file: string,
  { id, path }: { id: string; path: string },
  names: readonly string[]
): Map<string, string> {
  const all = readLinks(file)
  const known = new Map([...(all.get(path) ?? []), ...(all.get(id) ?? [])])
  const links = new Map(names.map((name) => [name, known.get(name) ?? newToken()]))
  writeLinks(file, all.set(id, new Map([...known, ...links])))
  return links
}

/** A person let in again later has another link. */
export function forgetLink(file: string, { id, path }: { id: string; path: string }, name: string): void {
  const all = readLinks(file)
  for (const project of [id, path]) all.get(project)?.delete(name)
  writeLinks(file, all)
}

function readLinks(file: string): Links {
  try {
    if (!existsSync(file)) return new Map()
    const all = v.parse(stored, JSON.parse(readFileSync(file, 'utf8')))
    return new Map(Object.entries(all).map(([project, links]) => [project, new Map(Object.entries(links))]))
  } catch {
    renameSync(file, `${file}.unreadable`)
    return new Map()
  }
}

function writeLinks(file: string, all: Links): void {
  const temporary = `${file}.${process.pid}.tmp`
  const written = Object.fromEntries([...all].map(([project, links]) => [project, Object.fromEntries(links)]))
  writeFileSync(temporary, JSON.stringify(written, null, 2), { mode: 0o600 })
  chmodSync(temporary, 0o600)
  renameSync(temporary, file)
}
