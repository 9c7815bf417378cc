import { randomUUID } from 'node:crypto'
import { getSetting, immediate, setSetting, type Database } from '../store'

/** What a project is known by, whatever its folder is called: made once and kept in its file. */
export function identify(db: Database): string {
  const known = getSetting<string>(db, 'identity')
  if (known !== null) return known
  return immediate(db, () => {
    const made = getSetting<string>(db, 'identity') ?? randomUUID()
    setSetting(db, 'identity', made)
    return made
  })
}
