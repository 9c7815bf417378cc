import type { Readable } from 'node:stream'

/** Standard output and standard error as the commands see them: one place that decides what goes where. */
export interface Stream {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

export interface Terminal {
  /** What a worker is asked; absent: nothing. */
  stdin?: Readable
  /** Asks a person for a line; absent where nobody could answer. */
  ask?: (question: string) => Promise<string>
  /** The result, and nothing else. */
  stdout: Stream
  /** Messages, the progress bar, logs. */
  stderr: Stream
}

/** One value on one line, with a line end: what `--json` prints, whether the command worked or failed. */
export const toJsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`

/** Text from files, labels and paths must not move the cursor or colour the screen: control characters are shown, not sent. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are exactly the characters to take out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** Two or more columns, left-aligned; `rows` hold one cell a column. */
export function table(rows: string[][]): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  }
  return rows
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))))
    .map((row) => row.join('  ').trimEnd())
    .join('\n')
}

export const percent = (fraction: number | null): string =>
  fraction === null ? 'not known' : `${(fraction * 100).toFixed(2)} %`

/** With its sign, a true minus. */
export const signedPercent = (fraction: number): string => `${fraction < 0 ? '−' : '+'}${percent(Math.abs(fraction))}`

export const whole = (count: number): string => count.toLocaleString('en-GB')

/** `1 file`, `2 files`. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${whole(count)} ${count === 1 ? singular : plural}`
