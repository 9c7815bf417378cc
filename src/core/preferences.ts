import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, join } from 'node:path'
import * as v from 'valibot'

const schema = v.object({
  reviewer: v.fallback(v.optional(v.string()), undefined),
  recent: v.fallback(v.array(v.object({ path: v.string(), openedAt: v.string() })), []),
  values: v.fallback(v.record(v.string(), v.unknown()), {}),
  /** View settings of reviewers who came in by a link, by name. */
  guests: v.fallback(v.record(v.string(), v.record(v.string(), v.unknown())), {})
})
type Stored = v.InferOutput<typeof schema>

const MOST_RECENT = 12

/** What belongs to the person on this machine rather than to a project: name, recent projects, view settings. */
export class Preferences {
  private readonly file: string
  private stored: Stored

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    this.file = join(dataDir, 'preferences.json')
    this.stored = readStored(this.file)
  }

  get reviewer(): string {
    return this.stored.reviewer ?? systemUser()
  }

  set reviewer(name: string) {
    this.save({ ...this.stored, reviewer: name })
  }

  get values(): Record<string, unknown> {
    return this.stored.values
  }

  /** Of a reviewer who came in by a link, or of the owner (null). */
  valuesOf(guest: string | null): Record<string, unknown> {
    return guest === null ? this.stored.values : (this.stored.guests[guest] ?? {})
  }

  setValue(key: string, value: unknown, guest: string | null = null): void {
    const values = { ...this.valuesOf(guest), [key]: value }
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

  private save(next: Stored): void {
    this.stored = next
    const temporary = `${this.file}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(next, null, 2))
    renameSync(temporary, this.file)
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
