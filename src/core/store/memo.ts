/** What was found out about a project's fields, kept until anything in the project changes. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

interface Kept {
  /** Of the database when it was found out. */
  version: string
  answers: Map<string, unknown>
}

const kept = new WeakMap<ReadOnlyDatabase, Kept>()
/** The oldest go first: one may be the numbers of all fields. */
const answersAtMost = 8

/** Changes made by this process, and by others. */
const versionOf = (db: ReadOnlyDatabase): string =>
  reading<[], string>(db, `SELECT total_changes() || ' ' || (SELECT data_version FROM pragma_data_version)`)
    .pluck()
    .get()!

/** The answer to a question about what is stored: found out once as long as nothing is written. */
export function memo<T>(db: ReadOnlyDatabase, question: readonly unknown[], find: () => T): T {
  const version = versionOf(db)
  let known = kept.get(db)
  if (known?.version !== version) kept.set(db, (known = { version, answers: new Map() }))
  const { answers } = known
  const key = JSON.stringify(question)
  const answer = answers.has(key) ? (answers.get(key) as T) : find()
  answers.delete(key)
  answers.set(key, answer)
  if (answers.size > answersAtMost) answers.delete(answers.keys().next().value!)
  return answer
}

/** As `memo`, found out in turns with others: what is written meanwhile makes it worth nothing, and it is not kept. */
export async function memoAhead<T>(
  db: ReadOnlyDatabase,
  question: readonly unknown[],
  find: () => Promise<T>
): Promise<void> {
  const version = versionOf(db)
  const known = kept.get(db)
  if (known?.version === version && known.answers.has(JSON.stringify(question))) return
  const answer = await find()
  if (versionOf(db) === version) memo(db, question, () => answer)
}
