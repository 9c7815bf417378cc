import type BetterSqlite3 from 'better-sqlite3'

export interface ReadStatement<Parameters extends unknown[], Row> {
  get(...parameters: Parameters): Row | undefined
  all(...parameters: Parameters): Row[]
  iterate(...parameters: Parameters): IterableIterator<Row>
  /** Only the first column of each row. */
  pluck(on?: boolean): this
  /** Rows as arrays. */
  raw(on?: boolean): this
}

/** A handle that can only be read from: a function that takes one cannot write, as its statements have no `run`. */
export interface ReadOnlyDatabase {
  readonly name: string
  readonly open: boolean
  readonly inTransaction: boolean
  prepare<Parameters extends unknown[] | object = unknown[], Row = unknown>(
    sql: string
  ): Parameters extends unknown[] ? ReadStatement<Parameters, Row> : ReadStatement<[Parameters], Row>
}

declare const opened: unique symbol

/** A project's open database, as `openStore` alone makes it: checked, migrated, durable. */
export type Database = BetterSqlite3.Database & { readonly [opened]: true }
