import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, getPriority, loadavg, release } from 'node:os'
import { join } from 'node:path'

/** One measured number. */
export interface Result {
  name: string
  value: number
  unit: string
  /** What it must reach; absent where there is no target. */
  target?: { atMost: number } | { atLeast: number }
}

export interface PartReport {
  part: string
  /** What was measured on what, and what could not be measured. */
  notes: string[]
  results: Result[]
  seconds: number
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Nearest rank, `fraction` from 0 to 1. */
export function percentile(values: number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))]!
}

export function meets({ value, target }: Result): boolean | null {
  if (!target) return null
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

export function print({ part, notes, results, seconds }: PartReport): void {
  const rows = results.map((result) => [result.name, `${format(result.value)} ${result.unit}`.trim(), verdict(result)])
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
  console.log(`\n${part} (${seconds.toFixed(0)} s)`)
  for (const note of notes) console.log(`  ${note}`)
  for (const [name, value, met] of rows)
    console.log(`  ${name!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}  ${met!}`.trimEnd())
}

function verdict(result: Result): string {
  const { target } = result
  if (!target) return ''
  const wanted = 'atMost' in target ? `≤ ${format(target.atMost)}` : `≥ ${format(target.atLeast)}`
  return `${meets(result) ? 'reached' : 'MISSED'} (${wanted})`
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** @returns the file's path */
export function save(folder: string, command: string, reports: PartReport[]): string {
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    // Other work on the machine: figures of a busy machine say little by themselves, ratios still do.
    load: loadavg(),
    /** Below 0: these processes went before others. */
    niceness: getPriority()
  }
  const file = join(folder, `${at.replace(/[:.]/g, '-')}.json`)
  const parts = reports.map((report) => ({
    ...report,
    results: report.results.map((result) => ({ ...result, met: meets(result) }))
  }))
  writeFileSync(file, `${JSON.stringify({ at, command, machine, parts }, null, 2)}\n`)
  return file
}
