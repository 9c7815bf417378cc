import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { clearHalfWritten } from '../../reading/processes'
import { messageOf, NominaError } from '../../shared/failure'
import { preferencesOf, type Preferences as Values } from '../../shared/preferences'

const schema = v.object({
  reviewer: v.fallback(v.optional(v.string()), undefined),
  recent: v.fallback(v.array(v.object({ path: v.string(), openedAt: v.string() })), []),
  values: v.fallback(v.record(v.string(), v.unknown()), {}),
  /** View settings of reviewers who came in by a link, by name. */
  guests: v.fallback(v.record(v.string(), v.record(v.string(), v.unknown())), {})
})
type Stored = v.InferOutput<typeof schema>

const MOST_RECENT = 12

/**
 * What belongs to the person on this machine rather than to a project: name, recent projects, view settings. Changes count
 * at once and are written soon after, one file at a time; `written` tells when, or why not.
 */
export class Preferences {
  private readonly file: string
  private stored: Stored
  private writing: Promise<void> = Promise.resolve()
  private waiting = false

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    clearHalfWritten(dataDir)
    this.file = join(dataDir, 'preferences.json')
    this.stored = readStored(this.file)
  }

  get reviewer(): string {
    return this.stored.reviewer ?? systemUser()
  }

  /** Whether a person has said their name; else it is the system's. */
  get named(): boolean {
    return this.stored.reviewer !== undefined
  }

  set reviewer(name: string) {
    this.save({ ...this.stored, reviewer: name })
  }

  get values(): Values {
    return this.valuesOf(null)
  }

  /** Of a reviewer who came in by a link, or of the owner (null). */
  valuesOf(guest: string | null): Values {
    return preferencesOf(this.keptBy(guest))
  }

  setValue<Key extends keyof Values>(key: Key, value: Values[Key], guest: string | null = null): void {
    const values = { ...this.keptBy(guest), [key]: value }
    if (guest === null) this.save({ ...this.stored, values })
    else this.save({ ...this.stored, guests: { ...this.stored.guests, [guest]: values } })
  }

  recent(): { path: string; name: string; openedAt: string; exists: boolean }[] {
    return this.stored.recent.map(({ path, openedAt }) => ({
      path,
      name: basename(path),
      openedAt,
      exists: existsSync(join(path, 'nomina.db'))
    }))
  }

  remember(path: string): void {
    const others = this.stored.recent.filter((r) => r.path !== path)
    const recent = [{ path, openedAt: new Date().toISOString() }, ...others].slice(0, MOST_RECENT)
    this.save({ ...this.stored, recent })
  }

  forget(path: string): void {
    this.save({ ...this.stored, recent: this.stored.recent.filter((r) => r.path !== path) })
  }

  /** Once everything is on the disk. @throws NominaError `refused` where it cannot be written there */
  written(): Promise<void> {
    return this.writing
  }

  private keptBy(guest: string | null): Record<string, unknown> {
    if (guest === null) return this.stored.values
    return Object.hasOwn(this.stored.guests, guest) ? this.stored.guests[guest]! : {}
  }

  /** Many changes while a file is being written are one file after it. */
  private save(next: Stored): void {
    this.stored = next
    if (this.waiting) return
    this.waiting = true
    this.writing = this.writing
      .catch(() => undefined)
      .then(() => {
        this.waiting = false
        return this.write()
      })
    this.writing.catch(() => undefined) // told by `written` to whoever asks; nobody else needs it to go on
  }

  private async write(): Promise<void> {
    const temporary = `${this.file}.${process.pid}.tmp`
    try {
      await writeFile(temporary, JSON.stringify(this.stored, null, 2))
      await rename(temporary, this.file)
    } catch (error) {
      throw new NominaError('refused', `The settings cannot be written to ${this.file}: ${messageOf(error)}`)
    }
  }
}

/** A broken preferences file costs the preferences, never the start: it is set aside. */
function readStored(file: string): Stored {
  const empty = { recent: [], values: {}, guests: {} }
  if (!existsSync(file)) return empty
  try {
    return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    renameSync(file, `${file}.unreadable`)
    return empty
  }
}

function systemUser(): string {
  try {
    return userInfo().username || 'me'
  } catch {
    return 'me' // no entry in the password database, as in some containers
  }
}
