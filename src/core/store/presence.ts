/**
 * Whether a project's file is still where it was opened. SQLite goes on writing to a file that was deleted, moved away or
 * replaced, and nobody would ever find what it wrote.
 */
import { statSync } from 'node:fs'
import { inEnglish, NominaError, say, type Said } from '../../shared/failure'
import type { ReadOnlyDatabase } from './handle'

interface Place {
  dev: bigint
  ino: bigint
}

const opened = new WeakMap<ReadOnlyDatabase, Place>()

const placeOf = (file: string): Place | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })

/** Notes which file was opened. */
export function notePlace(db: ReadOnlyDatabase): void {
  const place = placeOf(db.name)
  if (place) opened.set(db, { dev: place.dev, ino: place.ino })
}

/** What has become of the file, in words; null where it is there. */
export function absence(db: ReadOnlyDatabase): string | null {
  const said = saidOf(db)
  return said && inEnglish(said)
}

function saidOf(db: ReadOnlyDatabase): Said | null {
  const before = opened.get(db)
  if (!before) return null
  const now = placeOf(db.name)
  if (now && now.dev === before.dev && now.ino === before.ino) return null
  const file = db.name
  return now ? say('projectReplaced', { file }) : say('projectGone', { file })
}

/** @throws NominaError('gone') */
export function refuseAbsent(db: ReadOnlyDatabase): void {
  const said = saidOf(db)
  if (said) throw new NominaError('gone', said)
}
