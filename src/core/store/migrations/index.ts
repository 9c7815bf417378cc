import { sql as first } from './0001-first'

export interface Migration {
  /** The `user_version` the database has after it; 1, 2, 3 … without a gap. */
  version: number
  /** The file's name without its ending. */
  name: string
  sql: string
}

/** Every migration, oldest first. One that has shipped is never edited: add a new file. */
export const migrations: readonly Migration[] = [{ version: 1, name: '0001-first', sql: first }]
